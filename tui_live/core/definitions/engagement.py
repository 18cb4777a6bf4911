"""What the figures of engagement mean."""

from __future__ import annotations

from tui_live.core.definitions.figure import Definition

#: Of :class:`tui_live.core.engagement.EngagementResult`, in the order of the screen.
ENGAGEMENT = (
    Definition(
        "viewers.peak",
        "Peak viewers",
        "The highest number of viewers that TikTok told.",
        limit="TikTok tells the number every few seconds; what was between is not known.",
    ),
    Definition(
        "viewers.mean",
        "Mean viewers",
        "Viewers on average over the time in which the number is known.",
        "each number × how long it held (until the next, or a gap) ÷ the time in which one is known",
    ),
    Definition(
        "messages_per_minute",
        "Messages, coins, joins per minute",
        "How many per minute of observed time: from the session's start, without its gaps.",
        "count in observed time ÷ observed minutes",
        "Totals count everything that came, also what TikTok sent again from within a gap. It is counted in steps of "
        "five seconds; one of which a gap hides a part is left out of rates, with its time.",
    ),
    Definition(
        "likes_per_minute",
        "Likes per minute",
        "Likes that came with a name, per minute of observed time.",
        "likes in observed time ÷ observed minutes",
        "TikTok samples these: see the room's likes.",
    ),
    Definition(
        "room_likes_per_minute",
        "Room likes per minute",
        "How fast the room's own count of likes grows, which is not sampled.",
        "growth between two numbers told ÷ the observed minutes between them",
        "The count itself also has the likes from before this session was recorded; its growth has not.",
    ),
    Definition(
        "people.seen",
        "Viewers seen",
        "People whom TikTok's messages name as having come in or done something; the host is none.",
        limit="In a large room TikTok does not name everybody who comes in. Nobody is ever named as leaving, so how "
        "long anybody stayed is not known, and nothing here is about retention.",
    ),
    Definition(
        "people.visitors",
        "Visitors",
        "TikTok's own count of everybody who came, which names nobody.",
        "the highest number told in each room of the session, added up",
        "It also counts whoever came before this session was recorded: parts of it are lower limits.",
    ),
    Definition(
        "people.returning",
        "Returning and new viewers",
        "Returning: seen in an earlier session of this streamer that was recorded here. New: not.",
        "people seen before ÷ people seen",
        "Nothing is known of evenings that were not recorded: the new ones are at most so many.",
    ),
    Definition(
        "people.active",
        "Active viewers",
        "Who chatted, gave, liked, followed, shared, asked or sent an emote or envelope, of those seen.",
        "people who did something ÷ people seen",
        "Who only watches is often not named at all: of all visitors, the part is smaller.",
    ),
    Definition(
        "people.actors",
        "Who did what",
        "How many people did each kind of thing at least once.",
        "people who did it ÷ people seen",
    ),
    Definition(
        "first_action",
        "Join → first action",
        "Seconds from coming in to the first thing somebody did: the middle one, and the middle half.",
        "quartiles of the delays",
        "Only of those who did something, without a gap in between: no forecast for whoever comes in.",
    ),
    Definition(
        "moments",
        "Most engaging moments",
        "The minutes in which most happened, by a weighted count; none overlaps another.",
        "points per observed minute = messages × 1 + gift messages × 3 + coins × 0.02 + likes × 0.05 + follows × 3 + "
        "shares × 3",
        "The weights are a convention. With twice the viewers twice as much happens: viewers stand beside.",
    ),
    Definition(
        "coins",
        "Revenue",
        "Coins of gifts to the host: of a streak only what each message adds. Gifts to guests are told beside.",
        "sum of what each gift message adds",
        "Coins are what viewers paid, not what TikTok pays out.",
    ),
    Definition(
        "coins_over_time",
        "Coins over time",
        "Coins per minute, and per hour of the session.",
        "coins in the step ÷ observed minutes of the step",
    ),
    Definition(
        "most_sent",
        "Most sent gifts",
        "The gifts of which most units were sent to the host.",
    ),
    Definition(
        "dearest",
        "Gifts that brought most",
        "The gifts whose units together cost the most coins.",
    ),
    Definition(
        "spenders",
        "Top spenders",
        "Who gave the most coins to the host, of all who gave.",
        limit="Anonymous gifts name nobody.",
    ),
    Definition(
        "languages",
        "Languages",
        "The languages of chat messages, as TikTok says them.",
        "messages in it ÷ messages with which TikTok says a language",
        "TikTok guesses; it does not say one of every message.",
    ),
    Definition(
        "regions",
        "Regions",
        "The regions of people, as TikTok says them in the first message of each.",
        "people ÷ people with whom TikTok says a region",
        "TikTok says it of few people or none.",
    ),
    Definition(
        "busiest",
        "Busiest hours",
        "The hours of the week with the most messages per observed minute; ten minutes observed at least.",
        "messages ÷ observed minutes of that hour of the week, local time",
    ),
    Definition(
        "outside",
        "Outside of observed time",
        "Events whose time by TikTok's clock is before the session's start, after its end or in a gap.",
        limit="Start, end and gaps are this machine's time. When its clock is off, many events lie outside: rates "
        "leave them out and are too low. That is told where it is likely.",
    ),
    Definition(
        "hours",
        "Hours and weekdays",
        "Messages and coins per observed minute in each hour of each weekday, local time.",
        "count ÷ observed minutes of that hour of the week",
        "An hour of which little was observed tells little; one of which nothing was observed is not shown.",
    ),
)
