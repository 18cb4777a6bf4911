"""The details of an event are for people: words for numbers of the database, and one clock."""

from __future__ import annotations

from tests.ui.conftest import started, until
from tests.ui.fakes import FakeBackend, chat, event, every_state
from tests.ui.test_event_and_search import detail, text_of
from tui_live.core.events import LikeData, RoomUpdateData, SocialData
from tui_live.core.log import TEXT, LogModel
from tui_live.ui.event_words import in_words

NOBODY = {
    "user_id": "7",
    "username": "ana",
    "display_name": "Ana",
    "verified": 0,
    "moderator": 0,
    "follow_status": 0,
    "gifter_level": 0,
    "member_level": 0,
    "follower_count": None,
    "badges": [],
    "first_seen": "2026-11-21T15:02:02.724Z",
}


def test_a_person_is_said_in_words_and_what_is_not_known_is_left_out() -> None:
    assert in_words({"user": NOBODY})["user"] == {"name": "Ana   @ana", "id": "7", "first seen": "2026-11-21 15:02:02"}
    known = {"follow_status": 1, "moderator": 1, "gifter_level": 12, "follower_count": 1, "bio": "hello"}
    said = in_words({"user": NOBODY | known})["user"]
    assert said["TikTok says"] == "follows the host · moderator · gifter level 12 · 1 follower"
    assert said["bio"] == "hello"
    assert in_words({"user": {"username": "", "first_seen": "soon"}})["user"] == {"first seen": "soon"}


def test_a_session_has_local_times() -> None:
    row = {"id": "S", "streamer_username": "bob", "status": "active", "session_start": "2026-11-21T15:02:02.724Z"}
    assert in_words({"session": row | {"session_end": None}})["session"] == {
        "streamer": "bob",
        "key": "S",
        "status": "active",
        "from": "2026-11-21 15:02:02",
    }


async def test_the_screen_shows_words_and_the_clipboard_has_what_the_database_has(console) -> None:
    backend = FakeBackend(every_state())
    backend.log.append(0, [chat("hello")])
    backend.details[1] = detail() | {"user": NOBODY | {"follow_status": 1}}
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("1", "up", "enter")
        await until(pilot, lambda: "follows the host" in text_of(app))
        for column in ("follow_status", "verified", "gifter_level", "T15:02:02"):
            assert column not in text_of(app)
        await pilot.press("y")
        assert '"follow_status": 1' in app.clipboard


def test_lines_of_the_log_have_units() -> None:
    log = LogModel(10)
    said = [RoomUpdateData(1965, 12_345), RoomUpdateData(1, 1), LikeData(1, 9), LikeData(1200, 9)]
    said.append(SocialData("shared", users_joined=1200))

    log.append(0, [event(data) for data in said])
    rows = [log.row(number) for number in range(log.next_seq)]
    assert [row[TEXT] for row in rows if row is not None] == [
        "1,965 viewers, 12,345 in total",
        "1 viewer, 1 in total",
        "1 like",
        "1,200 likes",
        "1,200 came by it",
    ]
