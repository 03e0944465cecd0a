"""Owners of a stored entry: who keeps it, and who has deleted it while others keep it.

Content is stored once, however many people bring it. Owners stand in a file of their own beside the card, which earlier
versions leave alone; an entry without the file is the host's, as all were then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aecore.files import BrokenFileError, read_json, write_json

FILE = "owners.json"
HOST = ""
"""The tag of who runs the machine; visitors of a server have tags of their own."""


@dataclass(frozen=True)
class Owners:
    """keeping: tags of those who keep the entry. deleted: tag -> nanoseconds since 1970, of those who have deleted
    theirs and may restore it.
    """

    keeping: frozenset[str] = frozenset({HOST})
    deleted: Mapping[str, int] = field(default_factory=dict)

    def know(self, owner: str) -> bool:
        """Whether they keep it, or kept it once."""
        return owner in self.keeping or owner in self.deleted

    def are_only(self, owner: str) -> bool:
        """Whether nobody else keeps it or could restore it."""
        return {*self.keeping, *self.deleted} <= {owner}

    def kept_by(self, owner: str) -> Owners:
        """With this owner among those who keep it."""
        return Owners(self.keeping | {owner}, _without(self.deleted, owner))

    def deleted_by(self, owner: str, moment: int) -> Owners:
        """Without this owner, who may restore it."""
        return Owners(self.keeping - {owner}, {**self.deleted, owner: moment})

    def without_deleters(self, owners: Collection[str]) -> Owners:
        """Without what is known of these, who have deleted theirs: they can no longer restore it."""
        return Owners(self.keeping, {each: moment for each, moment in self.deleted.items() if each not in owners})

    def without(self, owner: str) -> Owners:
        """Without this owner, who neither keeps it nor may restore it."""
        return Owners(self.keeping - {owner}, _without(self.deleted, owner))

    def restored_by(self, owner: str, moment: int) -> Owners:
        """Of an entry in the trash: theirs again, and nobody else's, who all may restore it too.

        moment: when it was moved to the trash.
        """
        others = {**dict.fromkeys(self.keeping, moment), **self.deleted}
        return Owners(frozenset({owner}), _without(others, owner))


def read_owners(folder: Path) -> Owners:
    """The owners of the entry in this folder; the host alone if no file says so, or a broken one.

    OSError if the disk does not give it: nobody is to lose what is theirs by that.
    """
    try:
        values = read_json(folder / FILE)
        keeping, deleted = map(_tag, values["owners"]), values["deleted"].items()
        return Owners(frozenset(keeping), {_tag(owner): int(moment) for owner, moment in deleted})
    except (FileNotFoundError, BrokenFileError, ValueError, KeyError, TypeError, AttributeError):
        return Owners()


def write_owners(folder: Path, owners: Owners) -> None:
    """Writes them beside the card, unless that would say only what a missing file says too."""
    path = folder / FILE
    if owners != Owners() or path.exists():
        write_json(path, {"owners": sorted(owners.keeping), "deleted": dict(owners.deleted)})


def _without(moments: Mapping[str, int], owner: str) -> dict[str, int]:
    return {each: moment for each, moment in moments.items() if each != owner}


def _tag(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no tag")
    return value
