"""What the console says in passing: toasts, the bell, and copies for the clipboard of the operator's own terminal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal, cast

from textual.app import App
from textual.notifications import Notification, Notify
from textual.widgets._toast import Toast

from tui_live.core.text import drawn

if TYPE_CHECKING:
    from textual.widget import Widget

#: Toasts of these titles say how something stands: the next one takes the place of the one before.
_LATEST = frozenset({"Triggers"})
Severity = Literal["information", "warning", "error"]


class TellingApp(App[None]):
    """An app that tells; ``notifications`` may be off, ``notification_seconds`` is how long a toast stays."""

    notifications = True
    notification_seconds = 5.0

    def tell(self, text: str, *, title: str = "", severity: Severity = "information", unasked: bool = False) -> None:
        """Show a toast. What nobody asked for (``unasked``) also rings the bell, and stays away when so wished."""
        if unasked and not self.notifications:
            return
        timeout = self.notification_seconds
        self.notify(drawn(text), title=drawn(title), severity=severity, timeout=timeout, markup=False)
        if unasked:
            self.bell()

    def on_notify(self, event: Notify) -> None:
        """What is said again, or has changed since, takes the place of what was said first.

        Called before Textual's own handler, which shows the new one.
        """
        new = _said(event.notification)
        for shown in [each for each in self._notifications if _said(each) == new]:
            self._unnotify(shown, refresh=False)
            for toast in self.screen.query(Toast):
                if toast._notification is shown and toast.parent is not None:
                    cast("Widget", toast.parent).remove()

    def action_toggle_notifications(self) -> None:
        """Notifications on or off."""
        self.notifications = not self.notifications
        self.tell(f"notifications are {'on' if self.notifications else 'off'}")

    def copy_to_clipboard(self, text: str) -> None:
        """Copy by OSC 52, inside tmux also by its pass-through, which reaches the terminal around it."""
        super().copy_to_clipboard(text)
        if os.environ.get("TMUX") and self._driver is not None:
            import base64

            encoded = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
            self._driver.write(f"\x1bPtmux;\x1b\x1b]52;c;{encoded}\a\x1b\\")


def _said(notification: Notification) -> tuple[str, str, str]:
    """What two have in common of which only the later one stays."""
    if notification.title in _LATEST:
        return notification.title, "", ""
    return notification.title, notification.message, notification.severity
