"""The Import panel: ratings from other services, with an import report before anything is saved."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from aecore.datasets.uploads.base import count_of
from aecore.foreign import in_markdown, in_table
from aecore.recommender.profiles.import_report import Conflict, ImportReport, Keep, report_of
from aecore.recommender.profiles.importers import ENDINGS, ImportProblem, SeveralUsersError
from aecore.recommender.profiles.importers.parser import CANDIDATES, FILMS, as_text
from aecore.recommender.profiles.matching import MatchedFilms
from aecore.recommender.profiles.store import ProfileError
from ui.app.frame import refuse
from ui.screens.movies.catalogue_words import missing, newer
from ui.screens.movies.model import advisor, to_match
from ui.screens.movies.visitor import ensured, profile_store, taste, tell_others
from ui.screens.movies.whose import whose
from ui.widgets.reading import BroughtFile, read, read_text
from ui.widgets.upload_choices import ask_choices, chosen_choices

PAGE, ROWS = 10, 300
_NONE = -1
_DONE, _PICKED, _REPORTED = "films-imported", "films-picked", "films-reported"


def import_panel() -> None:
    """Shows the upload of files, the import report, and a button that saves the entries."""
    whose()
    st.markdown(
        "Bring your ratings from **Letterboxd** (the ZIP of *Settings · Data · Export*, or one of its CSV "
        "files), **IMDb** (*Your ratings · Export*), **MovieLens** or **Trakt**; or a CSV with the columns "
        "Title, Year and Rating. "
        "The files are read on the machine that runs this page and are sent nowhere."
    )
    if message := st.session_state.pop(_DONE, None):
        st.success(message, icon=":material/check:")
    files = st.file_uploader(
        "Files with ratings", ENDINGS, accept_multiple_files=True,
        key=f"import-{st.session_state.get('films-import-round', 0)}",
        help="One or several; their content tells what they are. "
        "What you do not keep is forgotten a quarter of an hour after you have closed the page.",
    )  # fmt: skip
    if not files:
        return
    name = "-".join(each.file_id for each in files)[:200]
    try:
        report = _report(name, files)
    except ImportProblem as error:
        refuse(str(error))
        return
    if report is not None:
        _show(report, name)


def _report(name: str, files: Sequence[BroughtFile]) -> ImportReport | None:
    told = chosen_choices(name)
    asked = {"scale": told.get("ratings_to", ""), "lists": told.get("lists", ""), **to_match()}
    try:
        found = read(FILMS, files, "films", **asked)
    except SeveralUsersError as several:
        st.info(in_markdown(str(several)), icon=":material/group:")
        user = st.selectbox(
            "Whose ratings",
            several.users,
            index=None,
            key=f"import-person-{name}",
            help="The number of a user in this data set.",
        )
        if user is None:
            return None
        found = read(FILMS, files, "films", user=user, **asked)
    if found is None:
        return None
    ask_choices(found.choices, name)
    return _reported(found)


def _reported(found: MatchedFilms) -> ImportReport:
    """The report, made once: each control of it reruns the panel."""
    asked = (found, advisor().source, taste())
    kept = st.session_state.get(_REPORTED)
    if kept is None or kept[0] != asked:
        kept = st.session_state[_REPORTED] = (asked, report_of(found, advisor().catalogue, asked[2]))
    report: ImportReport = kept[1]
    return report


def _show(report: ImportReport, name: str) -> None:
    st.subheader("Import report", anchor=False)
    for each in (*report.problems, *report.notes):
        refuse(each, icon=":material/info:")
    figures = {
        "Found": len(report.matched),
        "By guess": len(report.guessed),
        "Unknown here": len(report.unmatched),
        "Left out": len(report.skipped),
    }
    for column, (label, value) in zip(st.columns(4), figures.items(), strict=True):
        column.metric(label, f"{value:,}", border=True)
    above = st.container()  # the question follows from guesses and picks, and stands before them
    refused = _guesses(report, name)
    picked = _unknown(report, name)
    with above:
        keep = _conflicts(report.conflicts(picked, refused))
    _skipped(report)
    entries = report.entries(keep, picked, refused)
    label = f"Keep {count_of(len(entries), 'film')}"
    st.button(
        label,
        key="import-keep",
        type="primary",
        icon=":material/check:",
        disabled=not entries,
        on_click=_keep,
        args=(report, entries),
    )
    st.caption(
        "It is one step: Undo takes all of it back. Stars that you gave here before change only if you choose those in "
        "the file."
    )


def _conflicts(found: Sequence[Conflict]) -> Keep:
    if not found:
        return "mine"
    words: dict[Keep, str] = {"mine": "those given here", "theirs": "those in the file"}
    count = len(found)
    label = (
        f"{count_of(count, 'film')} in the file {'has' if count == 1 else 'have'} other stars here. Which ones count?"
    )
    words_help = "Only where the two differ; all others are added."
    choice = st.radio(
        label, tuple(words), format_func=words.__getitem__, horizontal=True, key="import-conflicts", help=words_help
    )
    with st.expander("The films"):
        rows = [
            {"Film": in_table(str(each.film)), "Here": each.mine, "In the file": each.theirs} for each in found[:ROWS]
        ]
        st.dataframe(rows, hide_index=True, key="import-conflict-table")
    return choice


def _guesses(report: ImportReport, name: str) -> set[int]:
    """Indices of the guesses that the user refused."""
    if not report.guessed:
        return set()
    films = advisor().catalogue.films
    with st.expander(
        f"{len(report.guessed):,} by guess: look whether they are right",
        expanded=len(report.guessed) <= 12,
    ):
        rows = [
            {
                "Right": True,
                "In the file": str(each.line.film),
                "Matched to": films.title(each.column),
                "Why": each.guess,
                "Where": each.line.place,
            }
            for each in report.guessed
        ]
        fixed, height = [name for name in rows[0] if name != "Right"], min(38 + 35 * len(rows), 420)
        edited = st.data_editor(rows, hide_index=True, key=f"import-guesses-{name}", disabled=fixed, height=height)
    return {place for place, row in enumerate(edited) if not row["Right"]}


def _unknown(report: ImportReport, name: str) -> dict[int, int]:
    """Index of an unknown film -> column that the user picked for it."""
    if not report.unmatched:
        return {}
    count, films = len(report.unmatched), advisor().catalogue.films
    chosen: dict[int, int] = st.session_state.setdefault(f"{_PICKED}-{name}", {})
    with st.expander(f"{count:,} unknown here: pick a film, or leave them", expanded=count <= PAGE):
        catalogue = advisor().catalogue
        said = (
            f"They are not in {missing(catalogue)}.",
            newer([each.film for each in report.unmatched], catalogue),
            "What you leave is kept under its own name, and counts as soon as a recommender knows the film.",
        )
        st.caption(" ".join(filter(None, said)))
        pages = -(-count // PAGE)
        page = (
            st.number_input("Page", 1, pages, key=f"import-page-{name}", help=f"{PAGE} films a page.")
            if pages > 1
            else 1
        )
        first = (page - 1) * PAGE
        lines = report.unmatched[first : first + PAGE]
        titles = as_text(each.film for each in lines)
        alike = read_text(CANDIDATES, titles, "films-candidates", **to_match())
        for place, (line, columns) in enumerate(zip(lines, alike.columns if alike else (), strict=False), first):
            picked = st.selectbox(
                in_markdown(f"{line.film} · {line.place}"), (_NONE, *columns), key=f"import-pick-{name}-{place}",
                help="Films with a title like it.",
                format_func=lambda column: "None of these: keep it under its own name"
                if column == _NONE else films.title(column),
            )  # fmt: skip
            chosen[place] = picked
    return {place: column for place, column in chosen.items() if column != _NONE}


def _skipped(report: ImportReport) -> None:
    if not report.skipped:
        return
    with st.expander(f"{len(report.skipped):,} left out, and why"):
        rows = [
            {"Where": in_table(f"{each.file}, row {each.row:,}"), "Film": in_table(each.title), "Why": each.reason}
            for each in report.skipped[:ROWS]
        ]
        st.dataframe(rows, hide_index=True, key="import-skipped")
        if len(report.skipped) > ROWS:
            st.caption(f"The first {ROWS} are shown.")


def _keep(report: ImportReport, entries: tuple) -> None:
    try:
        changed = profile_store().keep(
            ensured().id, entries, f"Import from {report.source or 'a file'}: {len(entries):,} films"
        )
    except ProfileError as error:
        st.session_state["notice"] = str(error)
        return
    tell_others()
    st.session_state.pop(_REPORTED, None)
    st.session_state["films-import-round"] = st.session_state.get("films-import-round", 0) + 1
    st.session_state[_DONE] = (
        f"Kept: {count_of(changed, 'film')} changed or added. The recommendations take them into account already."
    )
