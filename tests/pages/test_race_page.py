"""The Race page: links, the form's entries, starting, pausing and continuing all, and runs that join."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aecore.experiment import runner
from aecore.experiment.comparison import Comparison, ComparisonEntry, as_text, from_text
from aecore.experiment.comparison_presets import COMPARISON_PRESETS, FIRST
from aecore.jobs.service import Jobs
from aecore.pretrained.builtin import BUILTIN, facts
from aecore.runs.store import Run, RunStore
from tests.e2e.finished import finished_run
from tests.pages.charts import charts
from tests.pages.conftest import OpenPage, button, sentences
from tests.small_runs import make
from ui.widgets.wording import percent

SMALL = Comparison.on(
    "digits",
    (ComparisonEntry("linear", {"latent_size": 3}), ComparisonEntry("undercomplete", {"latent_size": 4})),
    epochs=2,
    batch_size=100,
    seed=7,
)


def in_address(page: AppTest, name: str) -> str:
    """What the address says of `name`: AppTest gives a list where a test wrote it, a text where the page did."""
    value = page.query_params.get(name, "")
    return value if isinstance(value, str) else value[-1]


def race_in(page: AppTest) -> Comparison:
    """The race that the address names."""
    return from_text(in_address(page, "race"))


def runs_in(page: AppTest) -> list[str]:
    """The runs that the address names."""
    return list(filter(None, in_address(page, "runs").split(".")))


def html(page: AppTest) -> str:
    return "\n".join(each.proto.body for each in page.get("html"))


def train_all(store: RunStore, page: AppTest) -> list[Run]:
    """What the workers would do."""
    for run_id in runs_in(page):
        for _ in runner.run(store, run_id):
            pass
    return [store.get(run_id) for run_id in runs_in(page)]


def test_a_title_that_has_changed_since_it_was_drawn_still_means_its_run(open_page: OpenPage, store: RunStore) -> None:
    runs = [make(store, name) for name in ("One", "Two")]
    ids = ".".join(run.id for run in runs)
    page = open_page("race", runs=ids)
    drawn = page.multiselect(key="race_runs").options[:2]
    assert drawn == ["One · not ended yet", "Two · not ended yet"]
    store.update(runs[0].id, state="done", test={"mse": 0.01234})  # it ends, and its title says how well
    page.run()
    page.multiselect(key="race_runs").set_value(drawn).run()  # a browser that has not been told yet
    assert not page.exception
    assert page.query_params["runs"] == ids
    assert "ignored" not in sentences(page)


def test_the_first_comparison_preset_stands_in_the_form(open_page: OpenPage) -> None:
    page = open_page("race")
    assert not page.exception
    entries = COMPARISON_PRESETS[FIRST].on("digits").entries
    assert [page.selectbox(key=f"entry-{index}-variant").value for index in range(len(entries))] == [
        entry.variant for entry in entries
    ]
    assert not button(page, "Start the race").disabled
    assert sentences(page) == ""


def test_each_entry_says_the_size_of_its_code_and_how_long_such_networks_took(open_page: OpenPage) -> None:
    page = open_page("race", race=as_text(SMALL))
    told = "\n".join(each.value for each in page.markdown)
    assert "(3 numbers in the code)" in told
    assert "(4 numbers in the code)" in told
    (told,) = [each.value for each in page.caption if each.value.startswith("How long it takes")]
    rates = [
        found["seconds"] / found["settings"]["epochs"]
        for found in (facts(name) for name, recipe in BUILTIN.items() if recipe["data"] == "digits")
        if found["settings"].get("start") != "greedy"
    ]
    assert f"comes with {len(rates)} networks" in told
    least, most = (f"{SMALL.epochs * each:.1f}" for each in (min(rates), max(rates)))
    assert f"{SMALL.epochs} epochs take {least} to {most} s of processor time" in told


def test_a_link_fills_the_form_and_start_creates_exactly_its_runs(
    open_page: OpenPage, store: RunStore, jobs: Jobs
) -> None:
    page = open_page("race", race=as_text(SMALL))
    assert (page.number_input(key="race_epochs").value, page.number_input(key="race_seed").value) == (2, 7)
    button(page, "Start the race").click().run()
    assert not page.exception
    runs = [store.get(run_id) for run_id in runs_in(page)]
    assert [run.settings for run in runs] == [each.to_dict() for each in SMALL.settings()]
    assert [run.name for run in runs] == ["Linear (PCA) · code size 3", "Undercomplete · code size 4"]
    assert [jobs.place_of_run(run.id) for run in runs] == [0, 1]
    assert race_in(page) == SMALL


def test_when_all_have_ended_the_table_is_full_and_the_link_shows_it_to_others(
    open_page: OpenPage, store: RunStore
) -> None:
    page = open_page("race", race=as_text(SMALL))
    button(page, "Start the race").click().run()
    runs = train_all(store, page)
    other = open_page("race", race=as_text(SMALL), runs=runs_in(page)[0] + "." + runs_in(page)[1])
    assert not other.exception
    assert "The results" in [each.value for each in other.subheader]
    for run in runs:
        assert f"{run.status.test['mse']:.5f}" in html(other)
        assert f"{run.status.test['squared_error']:.3f}" in html(other)
        assert percent(run.status.test["probe"]) in html(other)
        assert f"{run.status.parameters:,}" in html(other)
    assert "–" not in html(other)
    assert html(other).count('class="race-row"') == 4 * 3
    assert any("Pareto front" in each.value for each in other.caption)


def test_pause_takes_all_out_of_the_line_and_continue_puts_them_back(
    open_page: OpenPage, store: RunStore, jobs: Jobs
) -> None:
    page = open_page("race", race=as_text(SMALL))
    button(page, "Start the race").click().run()
    assert "Continue all" not in {each.label for each in page.button}
    button(page, "Pause all").click().run()
    assert [store.get(run_id).status.state for run_id in runs_in(page)] == ["paused", "paused"]
    assert "Pause all" not in {each.label for each in page.button}
    button(page, "Continue all").click().run()
    assert [store.get(run_id).status.state for run_id in runs_in(page)] == ["queued", "queued"]
    assert [jobs.place_of_run(run_id) for run_id in runs_in(page)] == [0, 1]


def test_a_race_for_which_there_is_no_room_starts_no_entry_at_all(open_page: OpenPage, store: RunStore) -> None:
    page = open_page("race", race=as_text(replace(SMALL, entries=SMALL.entries * 2)))
    button(page, "Start the race").click().run()
    button(page, "Start the race").click().run()
    assert not page.exception
    assert any("You have 4 runs waiting, and 4 more would be too many" in each.value for each in page.toast)
    assert len(store.list()) == 4


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nonsense", "2 to 6 entries"),
        ("digits~linear~magic", "no variant 'magic'"),
        ("atlantis~linear~linear", "no data set 'atlantis'"),
        ("digits__epochs_0~linear~linear", "epochs is 0"),
        ("digits~linear__latent_size_9999999~linear", "latent_size"),
        ("~" * 3000, "3,000 letters"),
        ("<script>", "2 to 6 entries"),
    ],
)
def test_a_bad_link_gets_a_sentence_and_a_form_that_can_be_used(
    text: str, told: str, open_page: OpenPage, store: RunStore
) -> None:
    page = open_page("race", race=text)
    assert not page.exception
    assert "The race in this link cannot be used." in sentences(page)
    assert told in sentences(page)
    button(page, "Start the race").click().run()
    assert not page.exception
    assert len(store.list()) == len(COMPARISON_PRESETS[FIRST].entries)
    assert sentences(page) == "" or "cannot be used" not in sentences(page), (
        "the address now names the race that was started"
    )


@pytest.mark.parametrize(
    "query", [{"race_over": "miles"}, {"cost": "beauty"}, {"error": "none"}, {"runs": "..."}, {"race": ""}]
)
def test_nonsense_elsewhere_in_the_address_does_not_break_the_page(query: dict[str, str], open_page: OpenPage) -> None:
    page = open_page("race", **query)
    assert not page.exception
    assert button(page, "Start the race")


def test_entries_that_make_no_sense_are_named_and_cannot_start(open_page: OpenPage) -> None:
    page = open_page("race", race="spiral~linear~convolutional")
    assert not page.exception
    assert "Entry 2" in sentences(page)
    assert button(page, "Start the race").disabled
    page.selectbox(key="entry-1-variant").set_value("deep").run()
    assert sentences(page) == ""
    assert [entry.variant for entry in race_in(page).entries] == ["linear", "deep"]


def test_entries_can_be_added_and_taken_out_within_two_and_six(open_page: OpenPage) -> None:
    page = open_page("race", race=as_text(SMALL))
    assert page.button(key="drop-0").disabled
    for _ in range(4):
        button(page, "Add an entry").click().run()
    assert len(race_in(page).entries) == 6
    assert button(page, "Add an entry").disabled
    page.button(key="drop-0").click().run()
    assert race_in(page).entries == (SMALL.entries[1], *[ComparisonEntry("undercomplete")] * 4)
    assert not page.exception


def test_what_entries_share_goes_into_the_address_and_a_preset_keeps_it(open_page: OpenPage) -> None:
    page = open_page("race", race=as_text(SMALL))
    page.number_input(key="race_seed").set_value(12).run()
    page.button_group(key="line_up").set_value("sparse").run()
    race = race_in(page)
    assert (race.seed, race.epochs, race.batch_size) == (12, 2, 100)
    assert race.entries == COMPARISON_PRESETS["sparse"].on("digits").entries
    page.selectbox(key="race_data").set_value("spiral").run()
    assert not page.exception
    assert (race_in(page).data, race_in(page).seed) == ("spiral", 12)
    assert not button(page, "Start the race").disabled


def test_an_earlier_run_joins_and_its_other_seed_is_told(open_page: OpenPage, store: RunStore) -> None:
    first, second = (
        finished_run(store.folder, "First", epochs=2),
        finished_run(store.folder, "Second", epochs=2, seed=9),
    )
    elsewhere = store.create({**first.settings, "data": "shapes"}, "Elsewhere")
    page = open_page("race")
    assert not page.multiselect(key="race_runs").value
    assert not any("Elsewhere" in option for option in page.multiselect(key="race_runs").options)
    page.multiselect(key="race_runs").set_value([first.id]).run()
    assert runs_in(page) == [first.id]
    page.multiselect(key="race_runs").set_value([first.id, second.id]).run()
    assert runs_in(page) == [first.id, second.id]
    assert "Second" in html(page)
    assert any("do not share the same random seed: 0 (1); 9 (2)" in each.value for each in page.caption)
    page.multiselect(key="race_runs").set_value([]).run()
    assert runs_in(page) == []
    assert "Ready to race" in [each.value for each in page.subheader]
    assert elsewhere.id not in html(page)


def test_runs_in_the_link_that_cannot_be_shown_are_named_and_the_others_are(
    open_page: OpenPage, store: RunStore
) -> None:
    run = finished_run(store.folder, "Here", epochs=1)
    other = store.create({**run.settings, "data": "shapes"}, "Shapes")
    broken = store.create(run.settings, "Broken")
    (broken.folder / "status.json").write_text("{")
    page = open_page("race", runs=f"{run.id}.0123456789ab.{other.id}.../etc.{broken.id}.{run.id}")
    assert not page.exception
    for told in (
        "There is no run '0123456789ab' here.",
        "“Shapes” learned from other data than “Here”",
        "is not the id of a run",
        "status.json",
    ):
        assert told in sentences(page)
    assert html(page).count('<th scope="row">') == 1


def test_a_run_of_an_earlier_version_has_a_blank_and_a_reason(open_page: OpenPage, store: RunStore) -> None:
    run = finished_run(store.folder, "Old", epochs=1)
    store.update(run.id, test={"mse": 0.03, "squared_error": 1.92})
    page = open_page("race", runs=run.id, error="probe error")
    assert not page.exception
    assert "–" in html(page)
    assert any("no probe: measured by an earlier version" in each.value for each in page.caption)
    assert any("None of these runs has a probe error" in each.value for each in page.caption)


def test_data_that_is_not_here_is_offered_for_download_and_cannot_start(
    open_page: OpenPage, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_DATA", str(home))
    page = open_page("race", race="mnist~linear~undercomplete")
    assert not page.exception
    assert button(page, "Download MNIST")
    assert button(page, "Start the race").disabled


def test_a_visitor_who_comes_back_finds_the_race_that_was_there(open_page: OpenPage) -> None:
    page = open_page("race", race=as_text(SMALL))
    page.switch_page("../../pages/home.py").run()
    page.switch_page("../../pages/race.py").run()
    assert not page.exception
    assert page.number_input(key="race_seed").value == 7


def test_denoising_keeps_the_variant_of_an_entry_and_adds_a_corruption(open_page: OpenPage) -> None:
    first = COMPARISON_PRESETS[FIRST].on("digits").entries[0]
    page = open_page("race").selectbox(key="entry-0-variant").set_value("denoising").run()
    assert not page.exception
    entry = race_in(page).entries[0]
    assert (entry.variant, entry.values["corruption"]) == (first.variant, "masking")
    assert page.selectbox(key="entry-0-variant").value == first.variant


def test_three_seeds_each_are_started_and_shown_as_means_with_their_spread(
    open_page: OpenPage, store: RunStore
) -> None:
    page = open_page("race", race=as_text(SMALL), thrice="true")
    button(page, "Start the race").click().run()
    assert not page.exception
    runs = train_all(store, page)
    assert [run.settings["seed"] for run in runs] == [7, 7, 8, 8, 9, 9]
    shown = open_page("race", runs=".".join(run.id for run in runs))
    assert not shown.exception
    assert html(shown).count('<th scope="row">') == 2
    assert any("Means over 3 random seeds" in each.value for each in shown.caption)
    names = [trace.get("name") for trace in charts(shown)["race-curves"]["data"]]
    assert {"spread 1", "spread 2"} <= set(names)
    assert "do not share one seed" not in "".join(each.value for each in shown.caption)
