"""What the figures of shares mean, of one session and of several together."""

from __future__ import annotations

from tui_live.core.definitions.figure import Definition

#: Of :class:`tui_live.core.shares.SharesResult`, in the order of the screen.
SHARES = (
    Definition(
        "shares",
        "Shares",
        "Every share message counts; a person may share often.",
        limit="Anonymous shares name nobody: they count here and in rates, not among the sharers.",
    ),
    Definition(
        "per_minute",
        "Per minute, per hour",
        "Shares per minute (or hour) of observed time: from the session's start, without its gaps.",
        "shares in observed time ÷ observed minutes (× 60 for the hour)",
        "What TikTok sends again after a gap, from within it, counts in the total and in no rate. It is counted in "
        "steps of five seconds; one of which a gap hides a part is left out of rates, with its time.",
    ),
    Definition(
        "sharers",
        "Sharers",
        "Different people who shared, by their numeric id: a new handle is no new person.",
    ),
    Definition(
        "repeat_sharers",
        "Repeat sharers",
        "Those who shared twice or more in this session.",
        "sharers with 2 shares or more ÷ sharers",
    ),
    Definition(
        "first_time_sharers",
        "First-time sharers",
        "Those who shared in no earlier session of this streamer that was recorded here.",
        "sharers not among those of earlier sessions ÷ sharers",
        "Nothing is known of evenings that were not recorded: these are at most so many.",
    ),
    Definition(
        "reach",
        "Estimated reach",
        "An estimate: the followers of the sharers of whom TikTok tells them, added up.",
        "sum of the followers of these sharers",
        "It is an upper limit (at most) only when TikTok tells the followers of everybody who shared, because whoever "
        "follows two sharers counts twice; else all sharers' followers add up to at least this. How many of them saw "
        "a share is not known.",
    ),
    Definition(
        "users_joined",
        "Users joined",
        "How many joined by shares, as TikTok itself says in some share messages.",
        "sum of what those messages say",
        "Few share messages say it; without any it is not known, which is not zero.",
    ),
    Definition(
        "new_viewers",
        "New viewers per share",
        "An estimate, ± its standard error: how many more come in for the first time within a window after each share.",
        "slope of first joins over shares in shares.window_seconds before them, every 5 seconds, within blocks of ten "
        "such windows of which each has its own level and trend; not known from fewer than 5 shares or 3 blocks, nor "
        "where chance may have made it: standard error above 0.5 and above a quarter of the figure",
        "What makes people share also brings people in: that they come after a share is no proof that it brought them. "
        "Most people come in for the first time early; where that changes within minutes, it is not wholly left out. "
        "In a large room TikTok tells only some of the joins.",
    ),
    Definition(
        "spikes",
        "Spikes",
        "Moments with far more shares than just before, which chance does not explain.",
        "shares in a window (shares.window_seconds, or its last quarter) ≥ shares.spike_times × the usual count (the "
        "rate over the 30 windows before), and a calm stream shows such a count less than once in a million windows",
        "In the first six windows nothing can be noticed, because the usual is learned; five shares are the least. A "
        "gap is neither silence nor a spike. The 100 highest are listed.",
    ),
    Definition(
        "spikes.peak_times",
        "A spike's height and length",
        "The most shares within a window of it, or a quarter of one; how long it was, and all shares in it.",
        "from the share from which on its rate most likely was another, to the one up to which it was",
        "It is noticed earlier, at the first count that is a spike.",
    ),
    Definition(
        "spikes.messages_before",
        "Before a spike",
        "Messages, gifts (units) and coins per minute in the window before it began; the session's own stand beside.",
        "count in shares.window_seconds before its beginning ÷ observed minutes of that",
        "That something came before is no proof that it was the cause.",
    ),
    Definition(
        "spikes.follows_after",
        "After a spike",
        "First follows, and people who come in for the first time, in the five minutes from its beginning.",
        "count in these 5 minutes, as far as they were observed",
    ),
    Definition(
        "follows_after_spikes",
        "Follows after spikes",
        "First follows in the five minutes from the beginning of spikes, against all other observed time.",
        "times = follows per minute after spikes ÷ follows per minute otherwise; beyond the usual = follows − usual "
        "rate × minutes after spikes; not known from less than five other minutes, or half as many as after spikes; "
        "times not from fewer than five other follows",
        "Windows that overlap are one. That follows come after a spike is no proof that it caused them. First follows "
        "come more often early in a session, whatever is shared.",
    ),
    Definition(
        "viral",
        "Viral stretches",
        "Time in which every minute had shares.viral_per_minute shares or more; off until that is set.",
        "every 60 seconds within the stretch have so many shares, to 5 seconds",
        "The 100 with the busiest minutes are listed.",
    ),
    Definition(
        "busiest_minute",
        "Busiest minute",
        "The 60 seconds with the most shares, to 5 seconds.",
    ),
    Definition(
        "top_sharers",
        "Top sharers",
        "Who shared most often, and what they did after their first share: follow, chat, give, like.",
        limit="Their followers are as TikTok told them last; – where it never did.",
    ),
    Definition(
        "influencer_shares",
        "Influencer shares",
        "Shares by people who had shares.influencer_followers followers or more at that moment.",
        "such shares ÷ shares with which TikTok told the sharer's followers",
    ),
    Definition(
        "conversion.followed",
        "Share → follow",
        "Sharers who were not known to follow before and did after their first share; each person counts once.",
        "sharers who followed after sharing ÷ sharers not known to follow before",
        "Lower limits: what a gap hides is missing, and what is done after the session, too. A follow "
        "after a share need not come of it.",
    ),
    Definition(
        "conversion.follow_delay",
        "Share → follow, delay",
        "Seconds from the last share before the follow to the follow: the middle one, and the middle half.",
        "quartiles of the delays",
        "Only of those who followed.",
    ),
    Definition(
        "conversion.engaged",
        "Share → engagement",
        "Sharers who chatted, gave the host something or liked after their first share; beside it, how many had done "
        "so before.",
        "sharers who did so after sharing ÷ all sharers",
        "The most engaged people share, too: compare with how many did so before.",
    ),
    Definition(
        "conversion.followed_and_engaged",
        "Share → follow → engagement",
        "Of those who followed after sharing: who chatted, gave or liked after the follow.",
        "such people ÷ sharers who followed after sharing",
    ),
    Definition(
        "cascades",
        "Cascades",
        "Shares that follow each other within ten seconds: three or more, by two people or more, longer than chance.",
        "a chain counts when chance makes fewer than one so long in 100 hours, at twice the session's usual rate",
        "Not known where shares are so frequent that they always follow each other (there, spikes tell more), nor "
        "where the usual rate is known from too little time.",
    ),
    Definition(
        "longest_cascades",
        "By chance",
        "How many chains as long as this cascade chance would make in an hour, at twice the usual rate of shares.",
        "3600 · r · (1 − p) · p^(k − 1), where r is twice the usual shares per second, p = 1 − e^(−10 r), k its shares",
    ),
    Definition(
        "chain_lengths",
        "Chain lengths",
        "How many chains of shares within ten seconds of each other there were, by their number of shares; 1 is a "
        "share by itself.",
    ),
    Definition(
        "targets",
        "Share targets",
        "Where to a share went, in TikTok's own words.",
        "shares with that target, of the shares with which TikTok says one",
        "TikTok says it of few shares or none.",
    ),
    Definition(
        "outside",
        "Outside of observed time",
        "Shares whose time by TikTok's clock is before the session's start, after its end or in a gap.",
        limit="They count in totals and in no rate.",
    ),
    Definition(
        "hours",
        "Hours and weekdays",
        "Shares per observed hour in each hour of each weekday, local time.",
        "shares ÷ observed hours of that hour of the week",
        "An hour of which little was observed tells little; one of which nothing was observed is not shown.",
    ),
)

#: Of :class:`tui_live.core.shares.SharesOverSessions`: what several sessions together have besides.
ACROSS = (
    Definition(
        "regular_sharers",
        "Regular sharers",
        "Those who shared in two sessions or more.",
        "sharers in 2 sessions or more ÷ different sharers",
        "Where a session had more sharers than its list, it is a lower limit without a part of all: at least those on "
        "two lists, and at least as many as came back to share in any one session.",
    ),
    Definition(
        "complete",
        "Sharers of all sessions",
        "Sharers and their reach are exact when every session's list of top sharers has all of them.",
        limit="Else there were at least so many sharers, and reach is between the one session with the most and all "
        "sessions added up; the screen says so.",
    ),
    Definition(
        "followed",
        "Follows and engagement of all sessions",
        "The sessions' numbers added up: who shared in two of them counts twice.",
        "sum of the parts ÷ sum of the samples",
    ),
)
