"""The families of rarer events: each with columns and sums of its own. Their free text stands rightmost."""

from __future__ import annotations

from tui_live.core.counts import several
from tui_live.core.log import DATA, TEXT
from tui_live.core.totals import Totals
from tui_live.ui.event_text import event_text, goal_bar, poll_text
from tui_live.ui.tabs import family_cells as cells
from tui_live.ui.tabs.tab import USER, Column, Tab, counted, number, user

_MESSAGES_OF_BOXES = counted(("envelope", "messages"))


def _envelope_sums(sums: Totals) -> str:
    # A session from before this sum was kept has boxes and no coins.
    return _MESSAGES_OF_BOXES(sums) + (f"   {several(sums.envelope_coins, 'coin')}" if sums.envelope_coins else "")


#: In the order in which they follow More.
FAMILIES = (
    Tab(
        "questions",
        "Questions",
        frozenset({"question"}),
        (USER, Column("question", event_text)),
        counted(("question", "questions")),
        hint="Questions asked through TikTok's Q&A will run here.",
    ),
    Tab(
        "polls",
        "Polls",
        frozenset({"poll"}),
        (
            Column("status", cells.status, 8, tone="log--quiet"),
            number("votes", cells.votes, 7, need=100),
            Column("question", lambda row: str(row[DATA].question), 14, tone="log--social", most=32),
            Column("options", cells.options, within=cells.options),
        ),
        counted(("poll", "messages")),
        latest=lambda row: poll_text(row[DATA], 40),
        hint="Polls, with a bar for the votes of each option, will run here.",
    ),
    Tab(
        "goals",
        "Goals",
        frozenset({"goal"}),
        (
            Column("progress", lambda row: goal_bar(row[DATA]), 12, tone="log--social"),
            number("%", lambda row: f"{int(row[DATA].progress)}%", 4),
            number("current", lambda row: cells.fitted(row[DATA].current, 9), 9),
            number("target", lambda row: cells.fitted(row[DATA].target, 9), 9, tone="log--quiet"),
            Column("kind", cells.goal_kind, 8, tone="log--quiet", need=96),
            Column("goal", cells.goal),
        ),
        counted(("goal", "messages")),
        latest=cells.goal_reached,
        hint="The host's goals, and how near they are, will run here.",
    ),
    Tab(
        "rankings",
        "Rankings",
        frozenset({"ranking"}),
        (
            Column("ranking", cells.ranking, 16, tone="log--social", most=24),
            number("place", cells.place, 6),
            Column("category", cells.category, 14, tone="log--quiet", need=96),
            Column("what", cells.said),
        ),
        counted(("ranking", "messages")),
        latest=lambda row: row[TEXT] or event_text(row),
        hint="The host's places in TikTok's rankings, and who rises in the stream's own, will run here.",
    ),
    Tab(
        "envelopes",
        "Envelopes",
        frozenset({"envelope"}),
        (
            Column("sender", user, 18, tone="log--nick"),
            number("coins", cells.envelope_coins, 9, tone="log--coins"),
            number("people", lambda row: cells.fitted(row[DATA].recipients, 7), 7),
            Column("kind", cells.envelope_kind, tone="log--quiet"),
        ),
        _envelope_sums,
        hint="Treasure boxes will run here: whose, how many coins, for how many people.",
    ),
    Tab(
        "emotes",
        "Emotes",
        frozenset({"emote"}),
        (USER, Column("kind", cells.emote_kind, 12, tone="log--quiet", need=60), Column("emote", event_text)),
        counted(("emote", "emotes")),
        hint="Stickers that are sent into the chat will run here.",
    ),
    Tab(
        "captions",
        "Captions",
        frozenset({"caption", "intro"}),
        (
            Column("what", cells.caption_kind, 11, tone="log--quiet"),
            Column("lang", cells.language, 5, tone="log--quiet"),
            Column("text", event_text),
        ),
        counted(("caption", "captions"), ("intro", "introductions")),
        hint="What the host says, as TikTok hears it, and how the stream is introduced, will run here.",
    ),
    Tab(
        "shopping",
        "Shopping",
        frozenset({"shopping"}),
        (
            number("action", cells.shop_action, 6, tone="log--quiet"),
            Column("price", lambda row: str(row[DATA].price), 12, tone="log--coins"),
            Column("product", cells.product),
        ),
        counted(("shopping", "messages")),
        hint="Products on show, with their prices, will run here.",
    ),
    Tab(
        "moderation",
        "Moderation",
        frozenset({"moderation"}),
        (
            Column("what", cells.status, 15, tone="log--social", most=20),
            Column("who", cells.moderated, 14, tone="log--nick", most=24),
            Column("by", cells.moderator, 14, tone="log--quiet", need=90),
            Column("reason", cells.reason),
        ),
        counted(("moderation", "messages")),
        hint="What is deleted, who is removed, warned or punished, and why, will run here.",
    ),
    Tab(
        "links",
        "Links",
        frozenset({"link"}),
        (
            Column("what", cells.link_kind, 18, tone="log--social"),
            Column("scene", cells.scene, 11, tone="log--quiet"),
            Column("user", user, 14, tone="log--nick", need=60),
            Column("details", cells.link_details),
        ),
        counted(("link", "messages")),
        hint="Guests and other hosts who link up with the stream will run here.",
    ),
    Tab(
        "banners",
        "Banners",
        frozenset({"banner", "barrage"}),
        (
            Column("kind", cells.banner_kind, 16, tone="log--social"),
            Column("user", user, 14, tone="log--nick", need=60),
            number("duration", cells.duration, 9, 96, "log--quiet"),
            Column("text", event_text),
        ),
        counted(("banner", "banners"), ("barrage", "barrages")),
        hint="Banners, pinned messages, and lines that fly over the stream will run here.",
    ),
    Tab(
        "system",
        "System",
        frozenset({"control", "system", "other"}),
        (
            Column("what", cells.system_kind, 20, tone="log--control"),
            Column("method", cells.method, 28, tone="log--quiet", need=100),
            Column("text", cells.system_text),
        ),
        counted(("control", "control"), ("system", "system"), ("other", "other")),
        hint="Pauses and ends, TikTok's notices, and what nobody knows yet will run here.",
    ),
)
