"""The Train page: what the form refuses, what presets fill in, and how runs in every condition are shown."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from aecore.experiment import runner
from aecore.experiment.presets import PRESETS
from aecore.experiment.settings import RunSettings, suggestions
from aecore.jobs.service import Jobs
from aecore.runs.snapshots import ProgressLog, mean_speed
from aecore.runs.store import Run, RunStore
from tests.e2e.finished import finished_run
from tests.pages.conftest import OpenPage, button, sentences
from ui.screens.train.form import IN_ROW


@pytest.fixture
def diverged(store: RunStore) -> Run:
    """A linear network that SGD drives out of bounds."""
    settings = RunSettings.build("digits", "linear", optimiser="sgd", learning_rate=100.0, epochs=5)
    run = store.create(settings.to_dict(), "Too fast")
    for _ in runner.run(store, run.id):
        pass
    assert store.get(run.id).status.state == "diverged"
    return run


def badge(page: AppTest) -> str:
    """All that is written on badges and in Markdown."""
    return "\n".join(each.value for each in page.markdown)


def test_hidden_layers_that_are_no_numbers_get_a_sentence_and_train_is_disabled(
    open_page: OpenPage, store: RunStore
) -> None:
    page = open_page("train")
    assert not button(page, "Train").disabled
    page.text_input(key="widths").set_value("abc").run()
    assert not page.exception
    assert "Hidden layers is" in sentences(page)
    assert "abc" in sentences(page)
    assert button(page, "Train").disabled
    page.text_input(key="widths").set_value("32, 16").run()
    assert sentences(page) == ""
    assert not button(page, "Train").disabled
    assert store.list() == []


@pytest.mark.parametrize("typed", ["0", "-5", "99999999", "3.5", "1e3", "64,,x", "∞"])
def test_hidden_layers_out_of_bounds_are_refused_with_setting_and_value(typed: str, open_page: OpenPage) -> None:
    page = open_page("train")
    page.text_input(key="widths").set_value(typed).run()
    assert not page.exception
    assert "Hidden layers is" in sentences(page)
    assert button(page, "Train").disabled


def test_a_class_is_chosen_from_those_there_are_and_a_link_to_another_is_refused(open_page: OpenPage) -> None:
    page = open_page("train", data="digits", variant="linear", leave_out="8")
    assert page.selectbox(key="leave_out").value == "8"
    assert page.selectbox(key="leave_out").options == ["None", *"0123456789"]
    assert not button(page, "Train").disabled
    page = open_page("train", data="digits", variant="linear", leave_out="ten")
    assert not page.exception
    assert "Leave out a class is 'ten', but 'digits' has no such class; there are 0, 1, 2" in sentences(page)
    assert button(page, "Train").disabled
    page.selectbox(key="data").set_value("shapes").run()
    assert page.selectbox(key="leave_out").options[1:3] == ["circle", "square"]
    assert not button(page, "Train").disabled


def test_a_code_wider_than_the_picture_is_refused_before_it_is_trained(open_page: OpenPage) -> None:
    page = open_page("train")
    page.number_input(key="latent_size").set_value(65).run()
    assert not page.exception
    assert "65" in sentences(page)
    assert "64" in sentences(page)
    assert button(page, "Train").disabled


@pytest.mark.parametrize(
    "query",
    [
        {"widths": "abc"},
        {"latent_size": "-1"},
        {"epochs": "x"},
        {"data": "nothing"},
        {"variant": "nothing"},
        {"learning_rate": "nan"},
    ],
)
def test_nonsense_in_the_address_does_not_break_the_page(query: dict[str, str], open_page: OpenPage) -> None:
    page = open_page("train", **query)
    assert not page.exception
    assert button(page, "Train")


@pytest.mark.long
@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_fills_the_form(name: str, open_page: OpenPage, jobs: Jobs, store: RunStore) -> None:
    page = open_page("train")
    (
        page.button_group(key="preset") if name in tuple(PRESETS)[:IN_ROW] else page.selectbox(key="more-presets")
    ).set_value(name).run()
    assert not page.exception
    assert PRESETS[name].about in [each.value for each in page.caption]
    preset = PRESETS[name]
    expected = {**suggestions(preset.data, preset.variant), **preset.values}
    assert page.selectbox(key="data").value == preset.data
    assert page.selectbox(key="variant").value == preset.variant
    if button(page, "Train").disabled:
        pytest.skip(f"{preset.data} is not on this machine")
    button(page, "Train").click().run()
    assert not page.exception
    (run,) = store.list()
    assert run.settings == preset.build().to_dict()
    assert {key: run.settings[key] for key in expected} == {
        key: list(v) if isinstance(v, tuple) else v for key, v in expected.items()
    }
    assert run.status.state == "queued"
    assert jobs.place_of_run(run.id) == 0


def test_an_unknown_run_in_the_address_gets_a_sentence(open_page: OpenPage) -> None:
    page = open_page("train", run="0123456789ab")
    assert not page.exception
    assert "There is no run '0123456789ab' here." in sentences(page)
    assert not button(page, "Train").disabled


def test_a_run_id_that_is_none_gets_a_sentence(open_page: OpenPage) -> None:
    page = open_page("train", run="../../etc/passwd")
    assert not page.exception
    assert "is not the id of a run" in sentences(page)


@pytest.mark.parametrize(
    "text",
    [
        "{", "[]", '"done"', '{"state": 3}', '{"state": "done", "colour": "red"}',
        '{"state": "done", "test": {"mse": "low"}}',
        '{"state": "done", "seconds": null}', '{"state": "done", "test": [1, 2]}', '{"state": "done", "test": 5}',
        '{"state": "done", "baselines": {"pca_test": null}}', '{"state": "no such state", "name": "x"}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["train", "runs"])
def test_a_status_edited_by_hand_is_named_as_the_problem(
    name: str, text: str, open_page: OpenPage, store: RunStore
) -> None:
    run = store.create(RunSettings.build("digits", "undercomplete").to_dict(), "Edited")
    (run.folder / "status.json").write_text(text)
    page = open_page(name, run=run.id)
    assert not page.exception
    if name == "train":
        assert "status.json" in sentences(page)
        assert not {"Continue", "Same start again"} & {each.label for each in page.button}


@pytest.mark.parametrize(
    "changes",
    [
        {"latent_size": "many"},
        {"epochs": "x"},
        {"widths": "abc"},
        {"colour": 1},
        {"data": "gone"},
        {"data": 5},
        {"learning_rate": None},
    ],
)
def test_settings_edited_by_hand_do_not_break_the_pages(
    changes: dict[str, object], open_page: OpenPage, store: RunStore
) -> None:
    run = finished_run(store.folder, "Edited", epochs=2)
    (run.folder / "settings.json").write_text(json.dumps({**run.settings, **changes}))
    for name in ("train", "runs"):
        assert not open_page(name, run=run.id).exception


def test_progress_and_snapshots_edited_by_hand_do_not_break_the_page(open_page: OpenPage, store: RunStore) -> None:
    run = finished_run(store.folder, "Edited", epochs=2)
    good = (run.folder / "progress.jsonl").read_text()
    (run.folder / "progress.jsonl").write_text(
        '{"step": 1}\nnonsense\n{"step": "x", "epoch": 1, "train": {}, "validation": {}}\n' + good
    )
    for frame in (run.folder / "film").glob("*.npz"):
        frame.write_bytes(b"not an array")
    page = open_page("train", run=run.id)
    assert not page.exception
    shown = {each.label: each.value for each in page.metric}
    assert set(shown) >= {"Epoch", "Test error per pixel"}
    assert shown["Samples per second"] == f"{mean_speed(ProgressLog(run.folder / 'progress.jsonl').read()):,.0f}"


def test_a_diverged_run_says_why_and_goes_back_with_a_tenth_of_the_rate(
    diverged: Run, open_page: OpenPage, jobs: Jobs, store: RunStore
) -> None:
    page = open_page("train", run=diverged.id)
    assert not page.exception
    assert "Diverged" in badge(page)
    assert "learning rate of" in sentences(page)
    assert "Continue" not in {each.label for each in page.button}
    button(page, "Go back to the last good epoch").click().run()
    assert not page.exception
    assert store.get(diverged.id).settings["learning_rate"] == pytest.approx(10.0)
    assert store.get(diverged.id).status.state == "queued"
    assert jobs.place_of_run(diverged.id) == 0
    rates = [record.learning_rate for record in runner.run(store, diverged.id)]
    assert max(rates, default=0.0) <= 10.0
    assert store.get(diverged.id).status.state in ("done", "diverged")


def test_going_back_often_enough_ends_with_a_run_that_is_done(
    diverged: Run, open_page: OpenPage, jobs: Jobs, store: RunStore
) -> None:
    for _ in range(8):
        page = open_page("train", run=diverged.id)
        button(page, "Go back to the last good epoch").click().run()
        jobs.pause(diverged.id)  # out of the queue: this test trains it itself
        for _ in runner.run(store, diverged.id):
            pass
        if store.get(diverged.id).status.state == "done":
            break
    found = store.get(diverged.id)
    assert found.status.state == "done", found.status.message
    assert found.status.test is not None
    assert found.status.test["mse"] < 10


def test_pause_of_a_waiting_run_takes_it_out_of_the_queue(open_page: OpenPage, jobs: Jobs, store: RunStore) -> None:
    page = open_page("train")
    button(page, "Train").click().run()
    (run,) = store.list()
    assert "Waiting" in badge(page)
    button(page, "Pause").click().run()
    assert store.get(run.id).status.state == "paused"
    assert jobs.place_of_run(run.id) == -1
    button(page, "Continue").click().run()
    assert store.get(run.id).status.state == "queued"


def test_a_seventh_waiting_run_of_one_visitor_is_refused_with_a_sentence(open_page: OpenPage, store: RunStore) -> None:
    page = open_page("train")
    for _ in range(7):
        button(page, "Train").click().run()
    assert not page.exception
    assert any("You already have 6 runs waiting" in each.value for each in page.toast)
    assert sum(run.status.state == "queued" for run in store.list()) == 6, (
        "the refused run claims to be waiting, but is in no queue"
    )


def test_a_link_to_data_or_an_autoencoder_that_is_not_here_says_so(open_page: OpenPage) -> None:
    page = open_page("train", data="up-gone", variant="quantum", learning_rate="fast")
    assert not page.exception
    for words in ("'up-gone', is not on this machine", "variant=quantum", "learning_rate=fast"):
        assert words in sentences(page)
    assert not button(page, "Train").disabled


def test_a_class_that_is_left_out_is_in_the_address_and_not_in_the_preview(open_page: OpenPage) -> None:
    page = open_page("train", data="digits", leave_out="5")
    assert page.selectbox("leave_out").value == "5"
    assert any("Class 5 is left out." in each.value for each in page.caption)


def test_denoising_stands_in_the_list_and_sets_a_corruption(open_page: OpenPage) -> None:
    page = open_page("train", data="digits", variant="linear", latent_size="7")
    page.selectbox(key="variant").set_value("denoising").run()
    assert not page.exception
    assert page.selectbox(key="variant").value == "linear"
    assert page.selectbox(key="corruption").value == "masking"
    assert page.slider(key="noise_level").value == 0.5
    assert page.number_input(key="latent_size").value == 7, "the other settings stay"
    said = "Yours is **Linear (PCA)**, and *Corruption* below is now **Masking**"
    assert any(said in each.value for each in page.caption)
    page.selectbox(key="variant").set_value("overcomplete").run()
    assert page.selectbox(key="corruption").value == "none"
    assert not any("*Corruption* below is now" in each.value for each in page.caption)


@pytest.mark.parametrize("written", ["denoising", "Denoising"])
def test_a_link_may_ask_for_denoising(written: str, open_page: OpenPage) -> None:
    page = open_page("train", data="digits", variant=written)
    assert not page.exception
    assert page.selectbox(key="variant").value == "undercomplete"
    assert page.selectbox(key="corruption").value == "masking"
    assert any("Yours is **Undercomplete**" in each.value for each in page.caption)
