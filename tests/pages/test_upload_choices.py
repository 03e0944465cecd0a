"""The Data page says what a file was understood as, and lets the visitor say otherwise before anything is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aecore.datasets.uploads.reading import list_uploads, load_upload
from tests.pages.conftest import OpenPage, sentences

CASES = Path(__file__).parents[1] / "data" / "cases"


def uploaded(open_page: OpenPage, file: str) -> AppTest:
    page = open_page("data")
    path = CASES / file
    page.file_uploader(key="upload").set_value([(path.name, path.read_bytes(), "application/octet-stream")]).run()
    return page


def select(page: AppTest, label: str):
    (found,) = [each for each in page.selectbox if each.label == label]
    return found


def notes(page: AppTest) -> str:
    return "\n".join(each.value for each in page.markdown)


@pytest.mark.parametrize(("file", "understood"), [
    ("14-whole-numbers-not-to-255/optdigits.csv", {
        "First line": "yes", "Label": "label", "A row is": "numbers", "What becomes 0 and 1": "highest",
    }),
    ("15-matlab-order/faces_hwn.npy", {
        "Pictures are counted by": "last", "What becomes 0 and 1": "bytes", "Orientation": "stored",
    }),
    ("16-npz-with-a-side-note/keras-style.npz", {
        "Array to read": "x_train", "What becomes 0 and 1": "bytes", "Orientation": "stored",
    }),
    ("11-twelve-bit-png/12-bit.png", {"What becomes 0 and 1": "bits", "Orientation": "stored"}),
])  # fmt: skip
def test_what_was_understood_is_shown_in_selects(open_page: OpenPage, file: str, understood: dict[str, str]) -> None:
    page = uploaded(open_page, file)
    asked = {each.label: each.value for each in page.selectbox}
    assert {label: value for label, value in asked.items() if label in understood} == understood


def test_a_choice_changes_what_is_kept(open_page: OpenPage, home: Path) -> None:
    page = uploaded(open_page, "23-mnist-csv-no-header/mnist_small.csv")
    select(page, "A row is").set_value("pictures").run()
    assert "Each row of 784 numbers became a picture of 28 × 28." in notes(page)
    select(page, "Orientation").set_value("transposed").run()
    page.button(key="keep").click().run()
    (card,) = list_uploads(home)
    assert card.shape == (1, 28, 28)
    assert len(load_upload(card.id, home).train) > 0


def test_gaps_are_asked_about_and_columns_can_be_left_out(open_page: OpenPage) -> None:
    page = open_page("data")
    rows = "".join(f"{at},{at * at},{'' if at == 4 else at % 3}\n" for at in range(1, 9))
    page.file_uploader(key="upload").set_value([("t.csv", f"Id,w,x\n{rows}".encode(), "text/csv")]).run()
    assert "line 5, column 'x': the cell is empty" in sentences(page)
    assert not [each for each in page.button if each.key == "keep"]
    assert select(page, "Cells without a number").value is None
    select(page, "Cells without a number").set_value("rows").run()
    assert "7 rows of 2 columns of numbers" in notes(page)
    (left,) = page.multiselect
    assert (left.label, left.value) == ("Columns left out", ["Id"])
    left.set_value([]).run()
    assert "7 rows of 3 columns of numbers" in notes(page)
    page.multiselect[0].set_value(["Id", "x"]).run()
    assert "8 rows of 1 column of numbers" in notes(page)
    assert [each for each in page.button if each.key == "keep"]


def test_a_choice_that_does_not_fit_is_refused_and_can_be_taken_back(open_page: OpenPage) -> None:
    page = uploaded(open_page, "14-whole-numbers-not-to-255/optdigits.csv")
    select(page, "First line").set_value("no").run()
    assert "is not a number" in sentences(page)
    assert not [each for each in page.button if each.key == "keep"]
    select(page, "First line").set_value("yes").run()
    assert "60 rows of 64 columns" in notes(page)
    assert [each for each in page.button if each.key == "keep"]
