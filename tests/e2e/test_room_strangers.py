"""A room of a hundred, some with hostile names and questions: everybody sees letters, and so does the host's copy."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from aecore.foreign import in_csv
from aecore.rooms.archive import archive
from aecore.rooms.store import Rooms
from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.e2e.screen import pick, press, wait_idle
from tests.e2e.server import Server
from tests.e2e.test_layout import SIDEWAYS
from tests.e2e.test_room import PHONE, bar, join, open_room
from tests.hostile import NAMES
from tests.waiting import until

COUNT = 100
BLANK = "\u200b\u200d\ufeff\u3164"
"""A name of which nothing is to be seen."""

NASTY = (
    *NAMES,
    "javascript:alert(1)",
    "\u202eevil\u2066x\u2069",
    "W" * 10_000,
    BLANK,
    "a\x00b\x1b[31m",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467" * 20,
    "Host",
    "Z\u0301\u0302\u0303\u0304" * 40 + "\u0301" * 500,
    "\ufdfd" * 30,
    '</script><script>alert("x")</script>',
)
LONG = 6
TRAINED = (0, 1, LONG)
"""Places of the one whose name has no end, and of those who have a run on the wall."""

JOINER = "\u2060"
SIZES = {"projector": (1280, 720), "phone": (390, 844)}
WIDE = "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.textContent.slice(0, 60))"
SEEN = """() => {
  const texts = [document.body.innerText];
  const look = root => {
    for (const each of root.querySelectorAll('*')) {
      if (each.shadowRoot) look(each.shadowRoot);
      if (root !== document && !each.children.length) texts.push(each.textContent);
    }
  };
  look(document);
  return texts.join('\\n');
}"""
"""All letters on the page and in the bar."""

pytestmark = pytest.mark.long


class Watched:
    """A visitor whose page is watched: whom it asks for something, and whether a script says something."""

    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self.hosts: set[str] = set()
        self.dialogs: list[str] = []
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        self.page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))

    def sees(self, text: str) -> bool:
        """Whether these letters are on the page or in the bar."""
        return text in self.page.evaluate(SEEN).replace(JOINER, "")

    def expect_well(self, server: Server) -> None:
        """Everything is in its place, nobody else was asked for anything, and nothing ran."""
        assert max(self.page.evaluate(SIDEWAYS)) <= 0
        for part in (".room", ".bar", ".actions", ".actions button", ".sheet", ".question", ".text"):
            assert bar(self.page).locator(part).evaluate_all(WIDE) == [], part
        assert self.hosts <= {urlsplit(server.url).netloc, ""}
        assert self.dialogs == []
        assert self.page.locator("img[src*=evil], a[href*=evil], [onerror]").count() == 0


def fill(server: Server, code: str) -> list[str]:
    """A class of a hundred joins, with Ann, who is there; the tags of the nasty ones, who also ask and train."""
    rooms, store = Rooms(server.home), RunStore(server.runs)
    for number in range(COUNT - 1):
        rooms.join(code, f"p{number}", NASTY[number] if number < len(NASTY) else f"Student {number}")
    nasty = [f"p{number}" for number in range(len(NASTY))]
    for person, text in zip(nasty, NASTY, strict=True):
        if text != BLANK:
            rooms.floor.ask(code, person, text)
    for at in TRAINED:
        rooms.add_run(code, nasty[at], finished_run(store.folder, NASTY[at][:200], epochs=2).id)
    rooms.close()
    return nasty


def test_a_hundred_of_whom_some_have_nasty_names(own_class: Server, new_context: Callable[..., BrowserContext]) -> None:
    server = own_class
    host, ann = Watched(new_context(viewport={"width": 1280, "height": 720})), Watched(new_context(**PHONE))
    code = open_room(host.page, server)
    join(ann.page, server, code, "Ann")
    nasty, rooms = fill(server, code), Rooms(server.home)
    members = {each.person: each.name for each in rooms.members(code)}
    names, asked = [members[each] for each in nasty], [each.text for each in rooms.floor.questions(code)]
    assert len(asked) == len(NASTY) - 1
    for one in (host, ann):
        expect(bar(one.page).get_by_text(f"{COUNT} here")).to_be_visible()
    for width, height in SIZES.values():
        host.page.set_viewport_size({"width": width, "height": height})
        for view, texts in (("Wall", [names[at] for at in TRAINED]), ("People", names), ("Questions", asked)):
            pick(host.page, view)
            for text in texts:
                until(lambda text=text: host.sees(text), f"the host sees {text!r} on {view}")  # type: ignore[misc]
            wait_idle(host.page)
            host.expect_well(server)
        for one in (host, ann):
            bar(one.page).locator(".ask").click()
            expect(bar(one.page).locator(".question")).to_have_count(len(asked))
            assert bar(one.page).locator(".question p").all_text_contents() == asked
            one.expect_well(server)
            bar(one.page).locator(".ask").click()
    check_copy(server, code, rooms, [*names, *asked])
    manage(host.page, rooms, code, nasty[LONG])
    bar(ann.page).locator(".ask").click()
    expect(bar(ann.page).locator(".question")).to_have_count(len(asked) - 1)


def check_copy(server: Server, code: str, rooms: Rooms, texts: list[str]) -> None:
    """The host's copy holds all letters, each cell on one line, and none that a spreadsheet takes for a formula."""
    made = archive(rooms, RunStore(server.runs), code, rooms.get(code).host, is_anonymous=False)
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        assert all(not name.startswith(("/", "..")) and "<" not in name for name in file.namelist())
        tables = [file.read(name).decode() for name in ("people.csv", "questions.csv", "runs.csv")]
    cells = [cell for table in tables for row in csv.reader(io.StringIO(table)) for cell in row]
    assert {in_csv(text) for text in texts} <= set(cells)
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+")) or "\n" in cell]


def manage(page: Page, rooms: Rooms, code: str, person: str) -> None:
    """The host gives somebody a decent name, takes no more questions from them, and sends them out."""
    pick(page, "People")
    member = page.locator(f".st-key-room-member-{person}")
    for action in (
        lambda: (page.get_by_role("textbox", name="Name").fill("Dora"), page.keyboard.press("Enter")),
        lambda: press(page, "Mute"),
        lambda: press(page, "Send out"),
    ):
        before = state(rooms, code, person)
        member.get_by_role("button", name="Change").click()
        action()
        until(lambda before=before: state(rooms, code, person) != before, "the host has changed it")  # type: ignore[misc]
        page.keyboard.press("Escape")
    assert state(rooms, code, person) == ("Dora", True, True)
    expect(member).to_have_count(0)
    expect(page.get_by_role("button", name="Let Dora in again")).to_be_visible()


def state(rooms: Rooms, code: str, person: str) -> tuple[str, bool, bool]:
    """Name of a member, and whether they are muted and sent out."""
    (found,) = [each for each in rooms.members(code) if each.person == person]
    return found.name, found.is_muted, found.is_removed
