"""Further processes of a training on the nodes of a Ray cluster: `python -m aecore.recommender.training.on_nodes FOLDER
COUNT THREADS ADDRESS`, started by `aecore.recommender.training.parallel`.

It alone imports Ray. It speaks as `aecore.recommender.training.rank` does; with {"ready": true} it says "ip", the
address of this machine in the network of the cluster, and "where", the names of the nodes.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np

from aecore.jobs.bridge import join_cluster, knock
from aecore.jobs.losses import short
from aecore.jobs.node import Seat
from aecore.jobs.nodes import difference, slots, title_of
from aecore.recommender.models.ranks import Ranks, RanksError
from aecore.recommender.training.meeting import joined, open_store
from aecore.recommender.training.rank import LONG_SECONDS, Task, listen, read_task, say, train_along

ROOM_SECONDS, REACH_SECONDS = 60.0, 30.0
"""How long it waits for free cores, and a node for the store at which all meet."""

log = logging.getLogger(__name__)


class NoNodesError(ValueError):
    """The nodes cannot take part; the message says why."""


class Hand:
    """One process of the training, an actor on a node."""

    def about(self, threads: int) -> dict[str, str]:
        """The versions here, and where this is; loads what the training needs."""
        import torch

        torch.set_num_threads(threads)
        return Seat().about()

    def train(self, task: Task, rank: int, count: int, place: str) -> str:
        """Trains along; returns "", or why that failed, as a sentence."""
        from ray.util import get_node_ip_address

        from aecore.jobs.worker import sentence_of

        try:
            store = open_store(place, count, REACH_SECONDS)
        except RuntimeError:
            return f"It cannot reach {place}, where the processes meet: a firewall may stand between."
        try:
            with joined(store, Ranks(rank, count), get_node_ip_address(), LONG_SECONDS) as ranks:
                train_along(task, ranks)
                threading.Event().wait()  # until the actor is ended
        except RanksError:  # another one is the reason
            return ""
        except Exception as error:
            return sentence_of(error, f"process {rank + 1} of {count}")
        return ""


def main() -> None:
    """Has the nodes train along, and waits for the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # output of libraries goes into the log
    folder, count, threads, address = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    heard: SimpleQueue[dict[str, Any]] = SimpleQueue()
    threading.Thread(target=listen, args=(heard,), daemon=True).start()
    try:
        hands, titles = taken(count - 1, threads, address)
        import ray
        from ray.util import get_node_ip_address

        about, arrays = read_task(folder)
        task = ray.put((about, {name: np.asarray(array) for name, array in arrays.items()}))
        where = f"{count} processes: this machine, {', '.join(sorted(set(titles)))}"
        say(pipe, ready=True, ip=get_node_ip_address(), where=where)
        place = heard.get()["place"]
        waiting = {hand.train.remote(task, rank, count, place): rank for rank, hand in enumerate(hands, 1)}
        while waiting:
            (done, *_), _ = ray.wait(list(waiting), num_returns=1)
            rank = waiting.pop(done)
            if sentence := _why(done):
                say(pipe, error=f"Process {rank + 1} of {count}, on {titles[rank - 1]}, {sentence}")
        threading.Event().wait()
    except NoNodesError as error:
        say(pipe, error=str(error))
    os._exit(1)


def _why(done: Any) -> str:
    """Why a process takes part no longer, as the end of a sentence; "" if it only lost the others."""
    import ray

    try:
        sentence = ray.get(done)
    except ray.exceptions.OutOfMemoryError:
        return "ran out of memory. Make the layers or the batch smaller."
    except ray.exceptions.RayError as error:
        log.error("a node was lost: %s", short(error))
        return "was lost. Train again."
    return f"failed. {sentence}" if sentence else ""


def taken(count: int, threads: int, address: str) -> tuple[list[Any], list[str]]:
    """So many processes on the nodes, each with so many cores, and the names of their nodes. NoNodesError if that
    cannot be.
    """
    unset = "Unset AECORE_CLUSTER to train on this machine alone."
    try:
        knock(address)
        join_cluster(address)
        import ray
        from ray.util.placement_group import placement_group
        from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy
    except ImportError:
        raise NoNodesError(
            f"The extra [cluster] is not installed: pip install 'autoencoder-explorer[cluster]'. {unset}"
        ) from None
    except Exception as error:
        raise NoNodesError(f"No cluster answers at {address} ({short(error)}). {unset}") from None
    if (cores := slots()) < count * threads:
        raise NoNodesError(
            f"The cluster has {cores} cores, and {count} processes need {count * threads}. Train with fewer processes."
        )
    room = placement_group([{"CPU": threads}] * count, strategy="SPREAD")
    if not room.wait(ROOM_SECONDS):
        raise NoNodesError(
            f"The cluster had no {count * threads} free cores for {count} processes within {ROOM_SECONDS:.0f} "
            "seconds. Train with fewer processes, or when it has less to do."
        )
    hands: list[Any] = [
        ray.remote(Hand)
        .options(num_cpus=threads, scheduling_strategy=PlacementGroupSchedulingStrategy(room, index))
        .remote()
        for index in range(count)
    ]  # fmt: skip
    try:
        abouts: list[dict[str, str]] = ray.get([each.about.remote(threads) for each in hands])
    except ray.exceptions.RayError as error:
        raise NoNodesError(f"A node of the cluster cannot run this version of the app ({short(error)}).") from None
    for about in abouts:
        if problem := difference(about):
            raise NoNodesError(problem)
    return hands, [title_of(each["host"], each["node"]) for each in abouts]


if __name__ == "__main__":
    main()
