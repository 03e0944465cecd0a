"""Where the processes that train one network meet: a store of torch.distributed, and Gloo between them.

A meeting place is "file:PATH", for processes of one machine, or "IP:PORT", where the first process keeps the store.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from aecore.recommender.models.ranks import Ranks, RanksError

HERE = "127.0.0.1"
INTERFACE = "GLOO_SOCKET_IFNAME"
"""The environment variable by which Gloo is told the network interface."""


def open_store(place: str, count: int, seconds: float, *, is_first: bool = False) -> Any:
    """The store at this meeting place; port 0 takes a free one, which is then its `port`. Imports torch."""
    from torch.distributed import FileStore, TCPStore

    if place.startswith("file:"):
        return FileStore(place.removeprefix("file:"), count)
    host, port = place.rsplit(":", 1)
    return TCPStore(
        host, int(port), count, is_master=is_first, wait_for_workers=False, timeout=timedelta(seconds=seconds)
    )


@contextmanager
def joined(store: Any, ranks: Ranks, ip: str, seconds: float) -> Iterator[Ranks]:
    """Joins the others, by the network of this address, and leaves them again.

    seconds: how long one waits for another before it counts as lost. RanksError if they do not come.
    """
    from torch import distributed

    before = os.environ.get(INTERFACE)
    if before is None and (name := interface_of(ip)):
        os.environ[INTERFACE] = name
    try:
        distributed.init_process_group(
            "gloo", store=store, rank=ranks.rank, world_size=ranks.count, timeout=timedelta(seconds=seconds)
        )
    except RuntimeError as error:
        raise RanksError(str(error)) from error
    finally:
        if before is None:
            os.environ.pop(INTERFACE, None)
    try:
        yield ranks
    finally:
        distributed.destroy_process_group()


def interface_of(ip: str) -> str:
    """The name of the network interface of this machine with this address; "" if there is none."""
    import psutil

    found = psutil.net_if_addrs().items()
    return next((name for name, addresses in found if any(each.address == ip for each in addresses)), "")
