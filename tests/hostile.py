"""A home in which strangers have named everything: what their names hold must stay letters on every page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from aecore.datasets.uploads.reading import read_upload
from aecore.datasets.uploads.store import save_upload
from aecore.experiment.sweep import Sweep
from aecore.experiment.sweep_searches import Values
from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.store import Profiles
from aecore.recommender.ratings.own import save_own
from aecore.recommender.ratings.own_tables import read_own
from aecore.runs.store import Run, RunStore
from aecore.runs.sweeps import SweepStore
from aecore.tours.shelf import Shelf
from aecore.words.learning import learn
from aecore.words.runs import create_run
from aecore.words.settings import WordSettings
from aecore.words.text_store import keep
from aecore.words.texts import read_lines
from tests.e2e.finished import finished_run, finished_sweep
from tests.small_recommenders import make_recommender
from tests.small_runs import finish
from tests.tastes import checkerboard

EVIL = "evil.example"
"""The host that nobody may ask for anything."""

NAMES = (
    "![x](http://evil.example/a.png) [a](http://evil.example)",
    "<img src=//evil.example/x onerror=alert(1)></script><b>b</b>",
    "**b** $x$ :red[y] :material/home: :tada: %{x} a -> b",
    "=cmd|' /C calc'!A0 www.evil.example _i_ `c` <a href='http://evil.example'>z</a>",
)
"""Each for other readers: Markdown, HTML, Streamlit and Plotly, spreadsheets."""

PLAIN = "=1 www.evil.example _i_"
"""What the readers of pictures and tables leave of a name."""

OWNER = "h" * 22
TOUR = "hostile"
WORDS = WordSettings(word_epochs=2, embedding_size=2)


@dataclass(frozen=True)
class Hostile:
    """What is there. runs: of pictures, one for each of `NAMES`; rows: of an uploaded table; words: key of texts.
    sweep: id of one on the uploaded table; code: of a shared taste.
    """

    runs: tuple[Run, ...]
    rows: Run
    recommender: Run
    words: str
    words_run: Run
    failed: Run
    sweep: str
    code: str


def hostile_home(home: Path) -> Hostile:
    """Fills a home."""
    store = RunStore(home / "runs")
    upload = save_upload(read_upload([(f"{PLAIN}.csv", _table())]), NAMES[0], home)
    sweep = finished_sweep(home, Sweep(upload, "undercomplete", {"epochs": 1}, {"latent_size": Values((1, 2))}))
    SweepStore(home).update(sweep.id, name=NAMES[2], message=NAMES[0])
    SweepStore(home).update(finished_sweep(home, Sweep(upload, "linear", {}, {"epochs": Values((1,))})).id, deleted=1.0)
    runs = tuple(finished_run(store.folder, name, epochs=3) for name in NAMES)  # the newest: their curves are shown
    rows = finished_run(store.folder, NAMES[1], epochs=2, data=upload)
    recommender = make_recommender(store, _ratings(home))
    store.rename(recommender.id, NAMES[2])
    texts = read_lines(
        "\n".join(f"{PLAIN[3:]} {number % 2},word{number} {NAMES[number % 4]}" for number in range(8)), NAMES[0]
    )
    words = keep(home, texts)
    words_run = create_run(store, words, NAMES[3], WORDS)
    list(learn(store, words, WORDS))
    code = _profiles(home)
    _tours(home)
    failed = store.create(runs[0].settings, NAMES[3])
    store.update(failed.id, state="failed", message=f"{NAMES[0]} in {home}/secret place/x.npz")
    store.delete(store.create(runs[0].settings, NAMES[2]).id)
    words_run = finish(store, words_run)
    return Hostile(runs, rows, finish(store, recommender), words, words_run, failed, sweep.id, code)


def _profiles(home: Path) -> str:
    """Two people of one browser, who have rated films that no catalogue has, and one elsewhere; the code of that."""
    profiles = Profiles(home)
    mine = profiles.create(NAMES[0], OWNER)
    profiles.create(NAMES[1][:40], OWNER)
    other = profiles.create(NAMES[2][:40], "somebody else")
    for place, name in enumerate(NAMES):
        profiles.rate(mine.id, Film(name, 1990 + place), 4)
        profiles.mark(other.id, Film(name, 1990 + place), "watchlist")
    code = profiles.share(other.id)
    profiles.close()
    return "".join(each for each in code if each.isalnum())


def _tours(home: Path) -> None:
    """A tour whose title and goal are hostile, and one that cannot be read."""
    folder = Shelf(home).folder
    folder.mkdir(parents=True)
    for name, title in ((TOUR, NAMES[2]), ("broken", NAMES[0])):
        steps = [{"id": "first", "page": "noise", "text": "Look."}] if name == TOUR else [{"id": NAMES[1]}]
        (folder / f"{name}.yaml").write_text(
            json.dumps({"title": title, "goal": NAMES[3], "minutes": 5, "steps": steps})
        )


def _table() -> bytes:
    """Columns and classes with hostile names."""
    lines = [f"{0.1 * (row % 5):.1f},{0.1 * (row % 7):.1f},{0.05 * row % 1:.2f},{PLAIN} {row % 2}" for row in range(60)]
    return "\n".join([f"{PLAIN},a{PLAIN},b,class", *lines]).encode()


def _ratings(home: Path) -> str:
    ratings, films = checkerboard()
    quoted = [f'"{NAMES[film % 4]} {film}"' for film in range(len(films.movie_ids))]
    rows = zip(ratings.rows.tolist(), ratings.films.tolist(), ratings.stars.tolist(), strict=True)
    lines = [f"p{user},{films.movie_ids[film]},{stars},{quoted[film]}" for user, film, stars in rows]
    return save_own(
        *read_own("tastes.csv", "\n".join(["userId,movieId,rating,title", *lines]).encode()), NAMES[3], home
    )
