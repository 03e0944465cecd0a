"""Home without a browser: where it leads."""

from __future__ import annotations

from tests.pages.conftest import ROOT, OpenPage


def test_the_cards_lead_to_every_other_page(open_page: OpenPage) -> None:
    page = open_page("home")
    assert not page.exception
    linked = [each.proto.page for each in page.get("page_link")]
    assert len(linked) == len(set(linked))
    assert set(linked) == {path.stem for path in (ROOT / "pages").glob("*.py")} - {"home"}
