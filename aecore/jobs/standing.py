"""How a server stands with its cluster, and how pages say where trainings run."""

from __future__ import annotations

from dataclasses import dataclass, field

JOINING = {"local": "Starting a cluster on this machine.", "auto": "Looking for a cluster."}
"""Said while it is joined, where the address names none."""


@dataclass
class Standing:
    """lost: why there is no cluster, as a sentence; is_final: for good. is_joined: it runs trainings. is_local: this
    machine does. slots, nodes, servers: jobs at a time, and what shares them. refused: why nodes cannot take part.
    """

    address: str
    lost: str = ""
    is_final: bool = False
    is_joined: bool = False
    is_local: bool = False
    slots: int = 0
    nodes: int = 0
    servers: int = 1
    refused: list[str] = field(default_factory=list)

    @property
    def where(self) -> str:
        """Where trainings run, in sentences."""
        refused = "".join(f" {each}" for each in self.refused)
        if self.lost:
            return f"{self.lost} Trainings run on this machine{'' if self.is_final else ' until it is there'}."
        if not self.is_joined:
            joining = JOINING.get(self.address, f"Joining the cluster at {self.address}.")
            meanwhile = "This machine trains until it answers." if self.is_local else "Trainings wait a moment for it."
            return f"{joining} {meanwhile}"
        if not self.slots:
            return f"No node of the cluster can train at the moment; trainings wait for one.{refused}"
        nodes = f"{self.nodes} node{'s' * (self.nodes != 1)}"
        shared = f", shared by {self.servers} servers" if self.servers > 1 else ""
        return f"Trainings run on a cluster: {nodes}, {self.slots} at a time{shared}.{refused}"
