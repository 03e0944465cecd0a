"""`make quality`: trains what the pages promise, keeps the figures in docs/quality.json and writes
docs/quality.md from them.

`python -m tests.quality.report` measures everything; `... report deep sparse/k-sparse` only a part,
or a row of one; `... report write` nothing, it only writes the page again.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from aecore.datasets import is_ready
from aecore.recommender.evaluation import published
from aecore.recommender.ratings.movielens import EDITIONS, present
from tests.quality.codes import SPARSE
from tests.quality.denoising import DENOISING
from tests.quality.errors import DEEP, DENOISING_PRESETS, PRESET_ERRORS
from tests.quality.likelihoods import LIKELIHOOD
from tests.quality.parts import Figures, Part
from tests.quality.recommenders import RANKING, STARS
from tests.quality.recommenders_learned import BUILTIN, FAITHFUL, RANKING_ROWS, STARS_ROWS
from tests.quality.recommenders_taste import DISLIKES, RANGES
from tests.quality.similar import SIMILAR

DOCS = Path(__file__).resolve().parents[2] / "docs"
FIGURES, REPORT = DOCS / "quality.json", DOCS / "quality.md"
PARTS = {
    "presets": PRESET_ERRORS, "deep": DEEP, "repairs": DENOISING_PRESETS, "denoising": DENOISING,
    "sparse": SPARSE, "likelihood": LIKELIHOOD,
    "stars": replace(STARS, rows=STARS.rows | STARS_ROWS),
    "ranking": replace(RANKING, rows=RANKING.rows | RANKING_ROWS), "faithful": FAITHFUL, "builtin": BUILTIN,
    "dislikes": DISLIKES, "ranges": RANGES, "similar": SIMILAR,
}  # fmt: skip

SHOWN = (published.STARS, published.RANKING, published.FAITHFUL, published.BUILTIN, published.RANGES)

Known = dict[str, dict[str, Figures]]
"""Part -> row -> figures."""


def main(wanted: list[str]) -> int:
    """Measures what is wanted, all if nothing is named; 1 if a goal is missed or data are not there."""
    import torch

    from aecore.training.devices import keep_memory, precision_context

    keep_memory()
    torch.set_num_threads(1)
    known: Known = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    with precision_context("auto", torch.device("cpu")):
        for part, row in [] if wanted == ["write"] else _rows(wanted):
            if missing := [
                name for name in PARTS[part].data if not (present(name) if name in EDITIONS else is_ready(name))
            ]:
                print(f"{part}: {missing[0]} is not here; set AECORE_DATA", file=sys.stderr)
                return 1
            figures = PARTS[part].rows[row].measure()
            rounded = {name: float(f"{value:.6g}") for name, value in figures.items()}
            known.setdefault(part, {})[row] = {**rounded, "day": _today()}  # type: ignore[dict-item]  # a text
            FIGURES.write_text(json.dumps(known, indent=1) + "\n")
            published.FILE.write_text(json.dumps(shown(known), indent=1) + "\n")
            print(_line(PARTS[part], row, known[part]), flush=True)
    REPORT.write_text(page(known))
    return 0 if all(is_reached(PARTS[part], row, known[part]) for part in known for row in known[part]) else 1


def _rows(wanted: list[str]) -> list[tuple[str, str]]:
    """(part, row) of everything that is named by "part" or "part/row"."""
    chosen = []
    for name in wanted or PARTS:
        part, _, row = name.partition("/")
        if part not in PARTS or (row and row not in PARTS[part].rows):
            raise SystemExit(
                f"There is nothing called '{name}'; there are {', '.join(PARTS)}, and rows such as sparse/k-sparse."
            )
        chosen += [(part, row)] if row else [(part, each) for each in PARTS[part].rows]
    return chosen


def shown(known: Known) -> Known:
    """The parts that the app shows; they are part of the package."""
    return {part: known[part] for part in SHOWN if part in known}


def is_reached(part: Part, row: str, every: dict[str, Figures]) -> bool:
    """Whether a row's goal is reached, if it has one."""
    is_met = part.rows[row].is_met
    return is_met is None or is_met(every[row], every)


def _line(part: Part, name: str, every: dict[str, Any]) -> str:
    row, mine = part.rows[name], every[name]
    numbers = [_cell(mine, key, form) for key, (_, form) in part.columns.items()]
    verdict = "" if row.is_met is None else "reached" if is_reached(part, name, every) else "**missed**"
    seconds = f"{mine['seconds']:.0f}" if "seconds" in mine else ""
    return "| " + " | ".join([row.title, *numbers, row.published, row.goal, verdict, seconds, str(mine["day"])]) + " |"


def _cell(mine: dict[str, Any], key: str, form: str) -> str:
    """A figure, with its 95 % interval if that was measured; empty if the figure was not."""
    if key not in mine:
        return ""
    of_ndcg = tuple(key.replace("ndcg", bound, 1) for bound in ("ndcg_low", "ndcg_high")) if "ndcg" in key else ()
    number = format(mine[key], form)
    for low, high in filter(None, (of_ndcg, (f"{key}_low", f"{key}_high"))):
        if low in mine and high in mine:
            between = " to " if "+" in form else "–"
            return f"{number} ({mine[low]:{form}}{between}{mine[high]:{form}})"
    return number


def _table(part: Part, every: dict[str, Any]) -> str:
    heads = ["", *(head for head, _ in part.columns.values()), "published", "goal", "", "processor seconds", "measured"]
    lines = [
        "| " + " | ".join(heads) + " |",
        "|" + " --- |" * len(heads),
        *(_line(part, row, every) for row in part.rows if row in every),
    ]
    return f"## {part.title}\n\n{part.about}\n\n" + "\n".join(lines) + "\n"


def page(known: Known) -> str:
    """The whole of docs/quality.md."""
    tables = "\n".join(_table(part, known[name]) for name, part in PARTS.items() if name in known)
    return f"""# Quality

Written by `make quality` from figures that it measured (docs/quality.json), with the presets of the Train page and
nothing changed, one processor thread. Settings were chosen on validation data; each figure is of the test set.
Processor seconds are those of training, checkpoints and snapshots included.

{tables}"""


def _today() -> str:
    return time.strftime("%Y-%m-%d")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
