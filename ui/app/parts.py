"""Parts: the singletons of a server, which `services` hands out. A test puts others in their place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from aecore.jobs.housekeeping import Housekeeping
from aecore.jobs.reading import Reader
from aecore.jobs.service import Jobs
from aecore.rooms.store import Rooms
from aecore.runs.store import RunStore

if TYPE_CHECKING:
    from aecore.predictions.guesses import Guesses
    from aecore.tours.progress import Progress
    from aecore.tours.shelf import Shelf


@dataclass(frozen=True)
class Parts:
    """The singletons of this server."""

    store: RunStore
    jobs: Jobs
    reader: Reader
    is_live: bool = True
    """False in tests that control the jobs."""

    @cached_property
    def housekeeping(self) -> Housekeeping:
        """What measures and cleans the home."""
        return Housekeeping(self.store)

    @cached_property
    def rooms(self) -> Rooms:
        """The rooms of the home."""
        return Rooms(self.store.folder.parent)

    @cached_property
    def shelf(self) -> Shelf:
        """The tours, those of the home included."""
        from aecore.tours.shelf import Shelf

        return Shelf(self.store.folder.parent)

    @cached_property
    def progress(self) -> Progress:
        """What people have done of the tours."""
        from aecore.tours.progress import Progress

        return Progress(self.store.folder.parent)

    @cached_property
    def checked(self) -> Progress:
        """What people have answered at the ends of pages."""
        from aecore.tours.progress import CHECKS, Progress

        return Progress(self.store.folder.parent, folder=CHECKS)

    @cached_property
    def guesses(self) -> Guesses:
        """What people have guessed before they saw."""
        from aecore.predictions.guesses import Guesses

        return Guesses(self.store.folder.parent)
