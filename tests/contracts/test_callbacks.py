"""Every callback of the app is known: it is harmless, makes something of one's own, or a stranger has tried it.

A new button fails here until it is listed: with a reason, or with the test in which a stranger presses it.
"""

from __future__ import annotations

import ast
import re
from collections import Counter

import pytest

from tests.callbacks import ROOT, Callback, callbacks

VIEW = {
    "pages/glossary.py": "forget_term", "pages/home.py": "PICTURE.write", "pages/pooling.py": "take_edit",
    "pages/runs.py": "if 'open'", "pages/synapses.py": "act.resize|act.restyle|act.take_drawing|act.use_preset",
    "ui/app/frame.py": "present.turn", "ui/app/predict.py": "turn", "ui/app/present.py": "turn",
    "ui/components/training_steps/__init__.py": "lambda: None",
    "ui/screens/anomaly/form.py": "_keep_network|keep_threshold|if 'train-without'",
    "ui/screens/compression/form.py": "keep_networks", "ui/screens/features/confusions.py": "_take_click|put",
    "ui/screens/features/form.py": "put", "ui/screens/generate/form.py": "_next_draw",
    "ui/screens/latent/form.py": "_forget", "ui/screens/latent/inspector.py": "_go|go_there|pick",
    "ui/screens/latent/view.py": "_keep_group|_keep_only|keep|if 'translate-groups'",
    "ui/screens/latent/walk_pad.py": "keep", "ui/screens/latent/walk_sliders.py": "keep",
    "ui/screens/latent/walk_waypoints.py": "_drawn|keep_points|pick", "ui/screens/lecture/check_list.py": "check.stop",
    "ui/screens/movies/film_map.py": "circle|pick", "ui/screens/movies/filters.py": "_clear",
    "ui/screens/movies/friends.py": "_use", "ui/screens/movies/guest.py": "NIGHT.clear|show_panel_of",
    "ui/screens/movies/mend.py": "_leave", "ui/screens/movies/newer.py": "_open_about",
    "ui/screens/movies/night.py": "_uninvite", "ui/screens/movies/night_return.py": "show_panel_of",
    "ui/screens/movies/posters.py": "_forget|_keep", "ui/screens/movies/whose.py": "_use",
    "ui/screens/noise/form.py": "keep|keep_corruption|keep_networks",
    "ui/screens/pooling/controls.py": "_resize|_take_example|_take_kernel",
    "ui/screens/race/entry_form.py": "keep_race|take", "ui/screens/race/form.py": "_take_preset|keep_race",
    "ui/screens/race/picker.py": "_keep", "ui/screens/recommender/panel.py": "use_its_settings",
    "ui/screens/room/host.py": "enlarge", "ui/screens/runs/found.py": "_to_first_page",
    "ui/screens/runs/table.py": "take|tick", "ui/screens/steps/form.py": "_fill|_new_start|go_to_start",
    "ui/screens/sweep/form.py": "keep_space|take|turn", "ui/screens/sweep/panel.py": "if 'sweep-use'|pick",
    "ui/screens/sweep/search_form.py": "_keep|_keep_ends|_keep_read|keep", "ui/screens/sweep/shelf.py": "choose",
    "ui/screens/synapses/score.py": "act.give_hint", "ui/screens/train/form.py": "_fresh_knobs",
    "ui/screens/train/panel.py": "use_settings", "ui/screens/translate/form.py": "_next",
    "ui/screens/words/evaluation.py": "put", "ui/screens/words/form.py": "_new_texts",
    "ui/screens/words/map.py": "_clicked|put", "ui/screens/words/panel.py": "put", "ui/screens/words/views.py": "put",
    "ui/widgets/data_panel.py": "if f'use-{each.id}'|if f'use-{name}'", "ui/widgets/linked_choice.py": "_keep",
}  # fmt: skip
"""They change the address, or what is kept of this tab: nobody else sees anything of it."""

MAKES = {
    "ui/screens/latent/progress.py": "submit", "ui/screens/movies/invitation.py": "_open",
    "ui/screens/race/form.py": "start", "ui/screens/recommender/form.py": "train_recommender",
    "ui/screens/recommender/upload.py": "if 'keep-ratings'", "ui/screens/room/entrance.py": "open_room",
    "ui/screens/sweep/form.py": "start", "ui/screens/train/form.py": "train",
    "ui/screens/train/panel.py": "random_twin|restart", "ui/screens/words/own.py": "if 'words-use'|if 'words-use-file'",
    "ui/widgets/analysis_progress.py": "if f'{kind}-go'|submit", "ui/widgets/data_panel.py": "if 'keep'",
    "ui/widgets/download_panel.py": "if f'get-{name}'", "ui/widgets/own_data.py": "_keep",
    "ui/widgets/reading.py": "_again",
}  # fmt: skip
"""They begin or keep something that is then the visitor's own, within their quota, and change nothing that is there."""

PASSED = {
    "ui/app/theme.py": "on_click", "ui/components/canvas/__init__.py": "_nothing|on_change",
    "ui/components/code_pad/__init__.py": "on_keep", "ui/components/code_sliders/__init__.py": "on_keep",
    "ui/components/film_cards/__init__.py": "_nothing|on_done|on_query", "ui/components/hourglass/__init__.py": "_hear",
    "ui/components/latent_map/__init__.py": "_nothing|on_pick|on_select",
    "ui/components/pooling_board/__init__.py": "on_edit", "ui/components/present/__init__.py": "on_turn",
    "ui/components/synapse_network/__init__.py": "on_change", "ui/screens/movies/newer_offer.py": "action|if key",
    "ui/screens/words/progress.py": "action|if 'words-go'", "ui/widgets/deleted.py": "undo",
    "ui/widgets/run_states.py": "if self.key",
}  # fmt: skip
"""They pass on what they are given, which is listed where it is given, or rerun the page after it."""

TRIED = {
    "tests/pages/test_anothers_runs.py::test_no_action_of_a_stranger_changes_a_run": {
        "pages/runs.py": "delete", "ui/screens/race/panel.py": "if label.lower().replace(' ', '-')",
        "ui/screens/recommender/panel.py": "pause|resume|stop", "ui/screens/runs/one_run.py": "delete|rename",
        "ui/screens/runs/trash.py": "discard|restore|lambda ids: [*map(restore, ids)]",
        "ui/screens/train/panel.py": "go_back|pause|resume|stop", "ui/screens/words/progress.py": "pause",
        "ui/widgets/newer_buttons.py": "pause|resume",
    },
    "tests/unit/test_ownership.py::test_nobody_ends_an_analysis_that_another_waits_for": {
        "ui/screens/latent/progress.py": "services.jobs.cancel",
        "ui/widgets/analysis_progress.py": "services.jobs.cancel",
        "ui/widgets/download_panel.py": "services.jobs.cancel",
    },
    "tests/unit/test_reading.py::test_who_shares_a_question_goes_on_when_the_other_stops": {
        "ui/widgets/reading.py": "services.reader.stop",
    },
    "tests/unit/test_owned_sweeps.py::test_a_stranger_changes_no_sweep_and_its_owner_and_the_host_do": {
        "ui/screens/sweep/panel.py": "if f'sweep-{label.lower()}'", "ui/screens/sweep/shelf.py": "restore",
    },
    "tests/pages/test_anothers_uploads.py::test_no_callback_of_a_stranger_changes_what_others_brought": {
        "ui/widgets/own_data.py":
            "_delete|_discard|_restore|lambda ids: [_restore(store, id, here[id], then) for id in ids]",
    },
    "tests/pages/test_anothers_profiles.py::test_no_button_of_a_stranger_changes_or_shows_anothers_profiles": {
        "ui/screens/movies/friends.py": "_add|_remove|_rename|_restore|_share_it|_withdraw",
        "ui/screens/movies/importing.py": "_keep", "ui/screens/movies/mend.py": "_mend",
        "ui/screens/movies/mine.py": "_done", "ui/screens/movies/night.py": "_invite",
        "ui/screens/movies/recommend.py": "_done", "ui/screens/movies/taste.py": "_done",
    },
    "tests/pages/test_film_night.py::test_a_guest_cannot_veto_for_anybody_else_whatever_their_browser_sends": {
        "ui/screens/movies/group_list.py": "done",
    },
    "tests/contracts/test_film_night_rights.py::test_a_stranger_learns_and_changes_nothing": {
        "ui/screens/movies/guest.py": "_leave", "ui/screens/movies/invitation.py": "_close|_end_it|_remove",
    },
    "tests/pages/test_newer_films.py::test_no_callback_of_a_stranger_changes_what_recommends": {
        "ui/screens/movies/newer.py": "_again|_go_back|_let|_restart", "ui/screens/movies/newer_offer.py": "_get",
    },
    "tests/unit/test_rooms.py::test_only_the_host_does_what_is_the_hosts": {
        "ui/screens/room/host.py": "end|lock", "ui/screens/room/wall.py": "set_goal",
        "ui/screens/room/panels.py": "answer|ask_poll|close_poll|hide|mute|remove|rename|show_again",
    },
    "tests/unit/test_rooms.py::test_only_those_in_the_room_take_part": {"ui/screens/room/member.py": "leave"},
    "tests/pages/test_lecture_page.py::test_no_callback_of_a_stranger_checks_anything": {
        "ui/screens/lecture/check_list.py": "_begin",
    },
    "tests/pages/test_tours_page.py::test_progress_belongs_to_a_person": {
        "ui/screens/tours/cards.py": "if f'again-{tour.id}'",
    },
}  # fmt: skip
"""The test in which a stranger, or a visitor who is not the host, tries them -> the callbacks."""

STORES = re.compile(r"services\.(?!store\.get\()\w+\.\w+\(|profile_store\(\)|nights\(\)")
"""What reaches beyond the tab: a callback that does so is not harmless by its name alone."""


def listed(table: dict[str, str]) -> list[Callback]:
    return [Callback(file, target) for file, targets in table.items() for target in targets.split("|")]


def test_every_callback_is_listed_once() -> None:
    known = [each for table in (VIEW, MAKES, PASSED, *TRIED.values()) for each in listed(table)]
    assert [each for each, count in Counter(known).items() if count > 1] == []
    found = set(callbacks())
    assert found - set(known) == set(), "may a stranger press these? List them, with the test in which one does"
    assert set(known) - found == set(), "these are there no more"


@pytest.mark.parametrize("callback", listed(VIEW), ids=str)
def test_what_changes_ones_own_view_asks_no_store(callback: Callback) -> None:
    for definition in callbacks()[callback]:
        assert not STORES.search(ast.unparse(definition)), "it reaches beyond the tab: let a stranger try it"


@pytest.mark.parametrize("test", TRIED)
def test_what_is_said_to_be_tried_is_tried_by_a_test_that_is_there(test: str) -> None:
    file, _, name = test.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}
