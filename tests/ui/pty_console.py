"""Run the console in the terminal that this process has, with harmless or hostile streams (first argument)."""

from __future__ import annotations

import signal
import sys

from tests.ui.fakes import NOW_MS, FakeBackend, view
from tests.ui.test_log_line import HOSTILE
from tui_live.core.events import ChatData, Event, GiftData, OtherData, Person
from tui_live.core.status import State
from tui_live.ui.app import Spawn, TuiLiveApp

HARMLESS = tuple(f"text {number}" for number in range(len(HOSTILE)))


def backend(texts: tuple[str, ...]) -> FakeBackend:
    """Streams, reasons, nicknames, gifts and chat made of these texts; nothing live, so that quitting does not ask."""
    views = [view(text, index, State.OFFLINE, text) for index, text in enumerate(texts)]
    views.append(view(texts[0] + texts[1], len(views), State.BLOCKED, texts[0]))
    made = FakeBackend(views)
    for number, text in enumerate(texts):
        who = Person(str(number), text, text)
        data = GiftData(text, "1", 5, 1, True, "9", 5, 1, 5)
        made.log.append(
            number,
            [
                Event("chat", "", who, text, NOW_MS, ChatData(text), number, 0),
                Event("gift", "", who, text, NOW_MS, data, number, 1),
                Event("other", text, who, "", NOW_MS, OtherData(text), number, 2),
            ],
        )
        made.log.note(number, text, NOW_MS)
    made.log.append(
        0, [Event("chat", "", Person("1", "h", texts[0]), "THE END " + texts[0], NOW_MS, ChatData(""), 1, 0)]
    )
    return made


async def start(spawn: Spawn) -> FakeBackend:
    return backend(HOSTILE if sys.argv[1] == "hostile" else HARMLESS)


if __name__ == "__main__":
    signal.alarm(60)  # a test that was killed leaves nobody behind
    TuiLiveApp(start, animations="none", notification_seconds=1).run()
