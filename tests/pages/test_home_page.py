"""Home without a browser: where it leads."""

from __future__ import annotations

from tests.pages.conftest import ROOT, OpenPage
from ui.screens.home.cards import CARDS
from ui.screens.home.figures import about
from ui.screens.home.models import HomeModel


def test_the_cards_lead_to_every_other_page(open_page: OpenPage) -> None:
    page = open_page("home")
    assert not page.exception
    linked = [each.proto.page for each in page.get("page_link")][: len(CARDS)]
    assert len(linked) == len(set(linked))
    assert set(linked) == {path.stem for path in (ROOT / "pages").glob("*.py")} - {"home"}


def test_the_error_is_told_beside_pca_and_the_average_picture() -> None:
    facts = {
        "test": {"mse": 0.002}, "baselines": {"pca_test": 0.0073, "mean_test": 0.04}, "seconds": 301.5,
        "settings": {"epochs": 150},
    }  # fmt: skip
    said = about(HomeModel({}, 16, (3072, 128, 16, 128, 3072), facts))
    assert "3,072 → 128 → 16 → 128 → 3,072" in said
    assert "0.0020. For comparison: 0.0073 with [PCA]" in said
    assert "0.0400 if the average picture" in said
