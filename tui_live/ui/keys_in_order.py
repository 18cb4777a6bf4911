"""Keys that are typed together with one that opens something belong to what it opens.

Textual finds out what a key does only when it has gone up from the focused widget to the app, and a pane asks the app
for a dialog by a message that goes the same way again. A key that comes meanwhile would act on the pane below.
"""

from __future__ import annotations

from collections import deque
from functools import partial

from textual import events, on
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.timer import Timer
from textual.widgets import Input

#: These open nothing, and are held down: the next one need not wait.
_MOVING = frozenset({"up", "down", "left", "right", "pageup", "pagedown", "home", "end", "shift+up", "shift+down"})
#: In a field, only these lead out of it.
_LEAVING = frozenset({"enter", "escape", "tab", "shift+tab"})
#: Seconds after which the next key waits no more, whatever became of the one before.
_AT_MOST_S = 0.5


class KeysInOrder(App[None]):
    """An app that lets a key wait until what the one before asked for is there."""

    class Passed(Message):
        """Goes the way of a key and of what it asked for, behind them: ``times`` more, then the next key follows."""

        def __init__(self, target: MessagePump, key: int, times: int) -> None:
            super().__init__()
            self.target, self.key, self.times = target, key, times

    def __init__(self) -> None:
        super().__init__()
        self._waiting_keys: deque[events.Key | events.Paste] = deque()
        self._key_under_way = 0
        self._keys_seen = 0
        self._patience: Timer | None = None

    async def on_event(self, event: events.Event) -> None:
        """Keys one after another, everything else at once."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._key_under_way:
            self._waiting_keys.append(event)
        else:
            await self._press(event)

    async def _press(self, event: events.Key | events.Paste) -> None:
        target: MessagePump = self.focused or self.screen
        if isinstance(event, events.Key) and self._may_open(event.key):
            self._keys_seen += 1
            self._key_under_way = self._keys_seen
            self._patience = self.set_timer(_AT_MOST_S, partial(self._next_key, self._keys_seen))
            await super().on_event(event)
            self._send(self.Passed(target, self._keys_seen, 1))
        else:
            await super().on_event(event)

    def _may_open(self, key: str) -> bool:
        return key in _LEAVING if isinstance(self.focused, Input) else key not in _MOVING

    def _send(self, passed: Passed) -> None:
        if not passed.target.post_message(passed):
            self.call_later(self._next_key, passed.key)

    @on(Passed)
    def _passed(self, event: Passed) -> None:
        if event.key != self._key_under_way:
            return
        if event.times:
            self._send(self.Passed(event.target, event.key, event.times - 1))
        else:
            # Behind the focus of a screen that has just come.
            self.screen.call_later(self.call_later, self._next_key, event.key)

    async def _next_key(self, after: int) -> None:
        if after != self._key_under_way:
            return
        if self._patience is not None:
            self._patience.stop()
            self._patience = None
        self._key_under_way = 0
        while self._waiting_keys and not self._key_under_way:
            await self._press(self._waiting_keys.popleft())
