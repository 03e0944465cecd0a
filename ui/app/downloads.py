"""Downloads that go on while pages come and go: one thread per data set, watched by whoever looks."""

from __future__ import annotations

import logging
import threading
from contextlib import closing
from dataclasses import dataclass
from functools import cache

from aecore.datasets.downloads import DownloadProgress, RemoteFile, fetch, present
from aecore.datasets.idx import files
from aecore.paths import data_folder

log = logging.getLogger("autoencoder-explorer")


@dataclass
class Download:
    """The download of one data set; `error` holds the sentence if it failed."""

    name: str
    progress: DownloadProgress | None = None
    error: str = ""
    is_running: bool = False
    is_unwanted: bool = False

    def start(self) -> None:
        """Begins, or goes on where it was stopped."""
        if not self.is_running:
            self.error, self.is_unwanted, self.is_running = "", False, True
            threading.Thread(target=self._run, name=f"download-{self.name}", daemon=True).start()

    def stop(self) -> None:
        """Ends it after the piece that is under way; what has come stays for next time."""
        self.is_unwanted = True

    def share(self) -> float:
        """How much of all the files is there, from 0 to 1."""
        wanted = _files(self.name)
        total = sum(file.size_hint for file in wanted)
        done = sum(file.size_hint for file in wanted if present(file, data_folder()))
        return min(1.0, (done + (self.progress.received if self.progress and not self.progress.done else 0)) / total)

    def _run(self) -> None:
        try:
            for file in _files(self.name):
                if present(file, data_folder()):
                    continue
                with closing(fetch(file, data_folder())) as steps:
                    for self.progress in steps:
                        if self.is_unwanted:
                            return
        except ValueError as error:  # DataError: a sentence
            self.error = str(error)
        except Exception:
            log.exception("download of %s failed", self.name)
            self.error = "The download failed for a reason nobody foresaw; the server's log has the details. Try again."
        finally:
            self.is_running = False


def _files(name: str) -> tuple[RemoteFile, ...]:
    """What has to be there, of pictures or of ratings."""
    if name.startswith("ml-"):
        from aecore.recommender.ratings.movielens import edition

        return (edition(name).file,)
    return tuple(files(name))


@cache
def download_of(name: str) -> Download:
    """The one download of a data set on this server."""
    return Download(name)
