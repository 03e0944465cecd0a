"""The compression page: its figures are those of the pictures sent, its sentences follow from them,
and a link restores it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aecore.analyses import compression
from aecore.analyses.compression import measure
from aecore.analyses.rate_distortion import Compressed, compress_codes, network_codec
from aecore.datasets import load
from aecore.jobs.service import Jobs
from aecore.pretrained import builtin
from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.pages.charts import charts
from tests.pages.conftest import OpenPage, button, sentences
from ui.screens.compression.figure import compression_figure
from ui.screens.compression.form import Counting
from ui.screens.compression.measures import Measured
from ui.screens.compression.text import conclusions
from ui.screens.compression.view import _off, nearest, pays

FEW = 20
PAGE = "compression"
DIGITS = ("packings", ("digits",), "digits", "digits")


@pytest.fixture(autouse=True)
def _few_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page at its quickest: fewer pictures, fewer sizes."""
    monkeypatch.setattr(compression, "SENT", FEW)
    monkeypatch.setattr(compression, "PCA_SIZES", (2, 8))


def found_out(store: RunStore, names: tuple[str, ...] = ("digits",), sent: str = "digits") -> None:
    """Does the analysis in this process."""
    list(measure(store, names, "digits", sent))


def way(name: str, per_picture: float, psnr: float, form: str = "8-bit", once: int = 0) -> Compressed:
    mse = 0.0 if psnr == 99 else 10 ** (-psnr / 10)
    return Compressed(
        name, 8 if once else None, form, per_picture, once, mse, psnr, 0.9, 2, np.zeros((2, 1, 8, 8), np.uint8)
    )


def example(baseline: float) -> Measured:
    """One network of 8 bytes and 20 dB, and a JPEG of `baseline` bytes that is as good, however files are counted."""
    files = [
        each
        for form in ("own file", "without header", "one mosaic")
        for each in (way("JPEG", baseline, 21, form), way("PNG", 500, 99, form))
    ]
    return Measured(
        {"1 · net": [way("1 · net", 8, 20, once=1000)]},
        {},
        [way("PCA", 16, 22, once=500)],
        files,
        [way("Raw pixels", 64, 99, "")],
    )


COUNTING = Counting("own file", ("8-bit",), 50, "psnr")


def test_a_newcomer_need_not_press_anything_and_can_stop(open_page: OpenPage, jobs: Jobs) -> None:
    page = open_page(PAGE, data="digits", networks="digits")
    assert not page.exception
    waiting = jobs.find(DIGITS)
    assert waiting is not None
    assert waiting.is_active
    assert "once all 24 methods have been measured" in "".join(
        each.value for each in page.caption
    )  # 1 + 20 of files + 1 network + 2 of PCA
    button(page, "Stop").click().run()
    assert not waiting.is_active
    button(page, "Go on").click().run()
    assert jobs.find(DIGITS).is_active  # type: ignore[union-attr]


def test_what_is_known_is_shown_while_the_rest_is_measured_and_no_conclusion_before(
    open_page: OpenPage, store: RunStore
) -> None:
    for number, _ in enumerate(measure(store, ["digits"], "digits", "digits")):
        if number == 8:
            break
    page = open_page(PAGE, data="digits", networks="digits")
    assert not page.exception
    assert list(charts(page)) == ["chart-compression"]
    assert [each.value for each in page.subheader] == ["As near as each method gets to 32 bytes", "Results"]
    assert not page.dataframe


def test_what_is_known_is_not_measured_again(open_page: OpenPage, store: RunStore, jobs: Jobs) -> None:
    found_out(store)
    page = open_page(PAGE, data="digits", networks="digits")
    assert jobs.find(DIGITS) is None
    page.multiselect(key="packing-networks").set_value(["digits", "digits-linear"]).run()
    assert jobs.find(("packings", ("digits", "digits-linear"), "digits", "digits")).is_active  # type: ignore[union-attr]
    assert [step.doing for step in measure(store, ["digits", "digits-linear"], "digits", "digits")][1:-1] == [
        "Sending codes of network digits-linear"
    ]


def test_the_table_has_the_figures_of_the_network_on_the_pictures_sent(open_page: OpenPage, store: RunStore) -> None:
    found_out(store)
    page = open_page(PAGE, data="digits", networks="digits", count="100")
    assert not page.exception
    table = page.dataframe[0].value
    data = load("digits")
    pictures = (data.test.x[:FEW] * 255).round().astype(np.uint8)
    expected = compress_codes(network_codec("1", builtin.model("digits")), data.train.x, pictures)[2]
    row = table[(table["Method"].str.startswith("1 · Undercomplete")) & (table["Stored as"] == "8-bit")].iloc[0]
    assert row["Bytes each"] == 8
    assert row["PSNR, dB"] == pytest.approx(expected.psnr)
    assert row["Sent once"] == expected.once
    assert row["Bytes, shared"] == pytest.approx(8 + expected.once / 100)


def test_a_run_of_ones_own_can_be_sent_and_stands_in_the_address(open_page: OpenPage, store: RunStore) -> None:
    run = finished_run(store.folder, "My own", epochs=2, latent_size=3)
    found_out(store, (run.id, "digits"))
    page = open_page(PAGE, data="digits", networks="digits")
    page.multiselect(key="packing-networks").set_value([run.id, "digits"]).run()
    assert page.query_params["networks"] == [f"{run.id},digits"] or page.query_params["networks"] == f"{run.id},digits"
    assert not page.exception
    names = page.dataframe[0].value["Method"]
    assert names.iloc[0] == "1 · My own, code of 3"
    assert any(name.startswith("2 · Undercomplete") for name in names)


def test_without_networks_pca_and_files_are_still_compared(open_page: OpenPage, store: RunStore) -> None:
    found_out(store, ())
    page = open_page(PAGE, data="digits", networks="")
    assert not page.exception
    assert {"PNG", "PCA, code of 8", "JPEG, quality 50"} <= set(page.dataframe[0].value["Method"])
    assert any("How good can it get?" in each.value for each in page.markdown)


@pytest.mark.long
@pytest.mark.parametrize("by", ["psnr", "ssim", "mse"])
def test_pictures_of_another_data_set_break_what_has_learned(by: str, open_page: OpenPage, store: RunStore) -> None:
    found_out(store, sent="shapes")
    found_out(store)
    page = open_page(PAGE, data="digits", networks="digits", others="true", sent="shapes", measure=by)
    assert not page.exception
    assert any("JPEG has learned nothing" in each.value for each in page.markdown)
    own = open_page(PAGE, data="digits", networks="digits").dataframe[0].value["PSNR, dB"].iloc[0]
    assert page.dataframe[0].value["PSNR, dB"].iloc[0] < own - 3


def test_a_link_that_makes_no_sense_still_gets_a_page(open_page: OpenPage) -> None:
    page = open_page(
        PAGE, data="nothing", networks="nobody", way="by post", count="-3", budget="x", forms="words", sent="?"
    )
    assert not page.exception
    said = sentences(page)
    assert "starts in a moment" in said
    for what in ("The data set of this link, 'nothing'", "count=-3"):
        assert what in said, "said though the page has nothing more to show yet"


def test_the_marks_of_what_is_learned_move_with_the_number_of_pictures_and_files_stay() -> None:
    found = example(30)
    few, many = (
        compression_figure(found.networks, [*found.pca, *found.files_counted("own file")], count, "psnr")
        for count in (1, 1000)
    )
    spots = [{trace.name: list(trace.x) for trace in figure.data} for figure in (few, many)]
    assert spots[0]["Networks"] == [1008]
    assert spots[1]["Networks"] == [9]
    assert spots[0]["JPEG"] == spots[1]["JPEG"] == [30]


def test_nearest_goes_by_the_factor_and_counts_what_is_sent_once() -> None:
    ways = [way("a", 10, 20), way("b", 40, 30), way("c", 20, 25, once=2000)]
    assert nearest(ways, 18, 100).name == "a"
    assert nearest(ways, 21, 100).name == "b"
    assert nearest(ways, 20, 10**9).name == "c"


def test_nearest_leaves_out_what_another_beats_in_bytes_and_psnr() -> None:
    small, large = way("PCA, 8 numbers", 35, 14.7, "float32"), way("PCA, 16 numbers", 21, 16.4)
    assert nearest([small, large], 32, 100) is large
    assert nearest([small], 32, 100) is small
    assert nearest([way("tiny", 1, 10), small, large], 2, 100).name == "tiny"
    raw, zipped = way("8-bit", 32, 16.4), way("8-bit, zlib", 30, 16.4)
    assert nearest([raw, zipped], 32, 100) is zipped
    lossless = [way("PNG", 500, 99), way("PNG, small", 400, 99)]
    assert nearest(lossless, 500, 100).name == "PNG, small"
    alike = [way("a", 20, 15), way("b", 20, 15)]
    assert nearest(alike, 20, 100).name == "a"


def test_the_decoders_of_the_smallest_and_the_largest_network_are_named() -> None:
    found = replace(
        example(30),
        networks={"1 · net": [way("1 · net", 8, 20, once=1000)], "2 · net": [way("2 · net", 8, 20, once=400)]},
    )
    said = "\n".join(conclusions(found, COUNTING, "Digits", "Digits"))
    assert "It has to arrive first: 400 bytes (network 2) to 1,000 (network 1)." in said
    assert "network 1: 8.0 bytes, PCA" in said or "network 1: 8.0 bytes, no PCA" in said
    assert "It has to arrive first: 1,000 bytes." in "\n".join(conclusions(example(30), COUNTING, "Digits", "Digits"))


@pytest.mark.parametrize(
    ("size", "budget", "words"),
    [
        (32, 32, ""),
        (34, 32, ""),
        (194, 32, ", 6.1 times as many"),
        (8, 32, ", 25\N{NO-BREAK SPACE}% of it"),
    ],
)
def test_bytes_that_are_not_about_the_budget_say_how_far_off_they_are(size: float, budget: int, words: str) -> None:
    assert _off(size, budget) == words


def test_a_link_with_a_network_that_is_not_here_says_which_and_shows_the_others(open_page: OpenPage) -> None:
    page = open_page(PAGE, data="digits", networks="digits,abcdefabcdef")
    assert not page.exception
    said = sentences(page)
    assert "The address asks for the networks digits,abcdefabcdef" in said
    assert "'abcdefabcdef' is not on this machine, or has not been trained to its end" in said
    assert page.multiselect(key="packing-networks").value


def test_pays_says_from_when_or_never() -> None:
    net = way("1 · net", 8, 20, once=1000)
    assert pays(net, [way("JPEG", 18, 21)]) == "from 100 pictures"
    assert pays(net, [way("JPEG", 7, 21)]) == "never"
    assert pays(net, [way("JPEG", 18, 19)]) == "none is as good"


def test_the_conclusions_follow_the_figures() -> None:
    wins = "\n".join(conclusions(example(30), COUNTING, "Digits", "Digits"))
    assert "8 times fewer" in wins
    assert "as one mosaic, the network wins" in wins
    assert "from 46 pictures on" in wins  # 1000 / (30 - 8) = 45.45
    assert "With 50 pictures sent, the network wins" in wins
    assert "So the second claim holds only in part" in wins
    assert "With the decoder shared by 50 pictures, it still does" in wins
    assert (
        "With decoder and components shared by 50 pictures, the network does not win" in wins
    )  # 8 + 20 against 16 + 10
    loses = "\n".join(conclusions(example(7), COUNTING, "Digits", "Digits"))
    assert "as one mosaic, the network does not win" in loses
    assert "None ever pays off" in loses
    assert "So the claims hold here" in loses


def test_from_when_it_pays_does_not_hang_on_how_many_are_sent() -> None:
    told = {
        count: next(
            line
            for line in conclusions(example(30), replace(COUNTING, count=count), "Digits", "Digits")
            if "decoder?" in line
        )
        for count in (1, 50, 100_000)
    }
    assert len(set(told.values())) == 3
    assert {line.rpartition(". ")[2] for line in told.values()} == {
        "The first to pay off is network 1, from 46 pictures on."
    }
