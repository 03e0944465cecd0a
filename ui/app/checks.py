"""Check yourself: the questions at the end of a page, and what the current visitor has answered."""

from __future__ import annotations

from collections.abc import Mapping

from aecore.stores.personal import PersonalError
from aecore.tours.schema import Question
from ui.app.places import part_of_screen
from ui.app.room import base_path
from ui.app.services import services
from ui.components.check_yourself import check_yourself


def questions_of(page: str) -> Mapping[str, Question]:
    """Id -> question, in the order in which a page asks them; those of most pages are none."""
    found: Mapping[str, Question] = getattr(part_of_screen(page, "checks"), "CHECKS", {})
    return found


def show_check(page: str) -> None:
    """Shows the questions, folded, with the answers that the visitor has given."""
    try:
        attempt = services.checked.last(services.person().tag, page)
    except PersonalError:
        attempt = None
    check_yourself(
        {
            "page": page,
            "at": f"{base_path()}/checks/{page}",
            "questions": [{"id": id, **each.described} for id, each in questions_of(page).items()],
            "answers": {id: list(choices) for id, choices in attempt.answers.items()} if attempt else {},
        },
        key=f"check-{page}",
    )
