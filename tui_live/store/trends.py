"""Trending videos: each run, the videos that were kept as they were fetched, and their stories.

A run that brought no videos whose speed is known is noted and changes nothing else: the last good result stays. One
that was cut short adds to it.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

import aiosqlite
import msgspec
from msgspec import structs

from tui_live.core.trends import Chosen, Latest, Run, Story, Trend, Trouble, Video, velocity
from tui_live.core.trends.choosing import SLOW
from tui_live.core.trends.video import PLATFORM
from tui_live.store import clock
from tui_live.store.database import WriterLock, explained, open_writer
from tui_live.store.writing import Writer

log = logging.getLogger(__name__)
T = TypeVar("T")
_DAY_MS = 86_400_000
#: By the number of the video: how many runs had it, and (UTC milliseconds, velocity) of the last of them.
_Histories = dict[int, tuple[int, list[tuple[int, float]]]]
#: A history is shown as a small curve: points older than this are of no use.
_POINTS_MS = 14 * _DAY_MS
#: … nor are more than these.
_MOST_POINTS = 200

_encode = msgspec.json.Encoder().encode
_counts = msgspec.json.Decoder(dict[str, int])
_trouble = msgspec.json.Decoder(Trouble)

_RUN = "started_ms, seconds, wanted, min_velocity, fetched, kept, duplicates, dropped, problems, trouble"
#: As ``Run.good`` has it.
_GOOD = f"kept + coalesce(json_extract(dropped, '$.\"{SLOW}\"'), 0) > 0"
_PUT_RUN = f"INSERT INTO trend_runs ({_RUN}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - text of ours
_PUT_POST = """
INSERT INTO raw_posts (platform_post_id, platform, author, nickname, author_id, verified, followers, content, url,
    posted_ms, likes, comments, shares, views, raw_data, fetched_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (platform, platform_post_id) DO UPDATE SET author = excluded.author, nickname = excluded.nickname,
    author_id = excluded.author_id, verified = excluded.verified, followers = excluded.followers,
    content = excluded.content, url = excluded.url, posted_ms = excluded.posted_ms, likes = excluded.likes,
    comments = excluded.comments, shares = excluded.shares, views = excluded.views, raw_data = excluded.raw_data,
    fetched_ms = excluded.fetched_ms
RETURNING id
"""
#: ``is_active`` is that of the run before, until the run is written as a whole.
_PUT_STORY = """
INSERT INTO stories (raw_post_id, platform, score, velocity_part, credibility, relevance, engagement_velocity,
    reason_flagged, is_active, entered_run, last_run)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9, ?9)
ON CONFLICT (raw_post_id) DO UPDATE SET score = ?3, velocity_part = ?4, credibility = ?5, relevance = ?6,
    engagement_velocity = ?7, reason_flagged = ?8, entered_run = CASE WHEN is_active THEN entered_run ELSE ?9 END,
    is_active = 1, last_run = ?9
"""
_PUT_POINT = "INSERT OR REPLACE INTO trend_points VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_ANY_OLD = """
SELECT 1 FROM raw_posts WHERE fetched_ms < ?1 UNION ALL SELECT 1 FROM trend_runs WHERE started_ms < ?1 LIMIT 1
"""
#: ``?1`` is the last good run.
_ACTIVE = f"""
SELECT p.id, p.platform_post_id, p.author, p.nickname, p.author_id, p.verified, p.followers, p.content, p.url,
    p.posted_ms, p.likes, p.comments, p.shares, p.views, s.engagement_velocity, s.score, s.velocity_part,
    s.credibility, s.relevance, s.reason_flagged, s.entered_run = ?1 AND EXISTS (
        SELECT 1 FROM trend_runs WHERE id < ?1 AND {_GOOD})
FROM stories s JOIN raw_posts p ON p.id = s.raw_post_id
WHERE s.is_active ORDER BY s.score DESC, s.engagement_velocity DESC, p.id
"""  # noqa: S608 - text of ours
_HISTORY = f"""
SELECT raw_post_id, time_ms, engagement_velocity, runs FROM (
    SELECT raw_post_id, time_ms, engagement_velocity, count(*) OVER (PARTITION BY raw_post_id) AS runs,
        row_number() OVER (PARTITION BY raw_post_id ORDER BY run_id DESC) AS back FROM trend_points
    WHERE raw_post_id IN (SELECT raw_post_id FROM stories WHERE is_active))
WHERE back <= {_MOST_POINTS} ORDER BY raw_post_id, back DESC
"""  # noqa: S608 - text of ours


class Persist(Protocol):
    """Does work in a transaction of its own on the connection that writes (``Recorder.persist``)."""

    def __call__(self, work: Callable[[aiosqlite.Connection], Awaitable[T]], /) -> Awaitable[T]:
        """What ``work`` returns, once it is on the disk."""


class TrendStore:
    """Writes runs with ``persist`` and reads them from ``reader``. Raises :class:`~tui_live.errors.StoreError`."""

    def __init__(self, persist: Persist, reader: aiosqlite.Connection) -> None:
        self._persist = persist
        self._reader = reader

    async def add(self, run: Run, chosen: Chosen | None = None) -> Run:
        """Write a run, with what was chosen where it is a good one; returned with its number."""

        async def write(database: aiosqlite.Connection) -> int:
            async with database.execute(_PUT_RUN, _run_row(run)) as cursor:
                number = cursor.lastrowid
            assert number is not None
            if run.good and chosen is not None:
                await _put_chosen(database, structs.replace(run, number=number), chosen)
            return number

        return structs.replace(run, number=await self._persist(write))

    async def latest(self) -> Latest:
        """The last good run with its stories, and the last run of all."""
        good = await self._run(f"WHERE {_GOOD} ORDER BY id DESC LIMIT 1")
        tried = await self._run("ORDER BY id DESC LIMIT 1")
        if good is None:
            return Latest(None, tried)
        history: _Histories = {}
        async with self._reader.execute(_HISTORY) as cursor:
            for post, time_ms, speed, runs in await cursor.fetchall():
                history.setdefault(post, (runs, []))[1].append((time_ms, speed))
        async with self._reader.execute(_ACTIVE, (good.number,)) as cursor:
            trends = [_trend(tuple(row), history) for row in await cursor.fetchall()]
        return Latest(good, tried, tuple(trends))

    async def remove_old(self, days: float, now_ms: int) -> int:
        """Forget runs that began, and videos that were fetched last, more than ``days`` before ``now_ms`` (UTC ms).

        Returns how many videos. None goes by a clock that may be wrong (:mod:`tui_live.store.clock`); the log says so.
        """
        before_ms = round(now_ms - days * _DAY_MS)

        async def remove(database: aiosqlite.Connection) -> int:
            async with database.execute(_ANY_OLD, (before_ms,)) as found:
                if await found.fetchone() is None:
                    return 0
            if doubt := await clock.doubt(database, now_ms):
                log.warning("no old video is removed: %s", doubt)
                return 0
            cursor = await database.execute("DELETE FROM raw_posts WHERE fetched_ms < ?", (before_ms,))
            gone = "raw_post_id NOT IN (SELECT id FROM raw_posts)"
            await database.execute(f"DELETE FROM stories WHERE {gone}")  # noqa: S608 - text of ours
            await database.execute(f"DELETE FROM trend_points WHERE {gone}")  # noqa: S608
            await database.execute("DELETE FROM trend_runs WHERE started_ms < ?", (before_ms,))
            return cursor.rowcount

        return await self._persist(remove)

    async def _run(self, which: str) -> Run | None:
        async with self._reader.execute(f"SELECT id, {_RUN} FROM trend_runs {which}") as cursor:  # noqa: S608
            row = await cursor.fetchone()
        if row is None:
            return None
        number, started_ms, seconds, wanted, slowest, fetched, kept, duplicates, dropped, problems, trouble = tuple(row)
        return Run(
            number=number,
            started_ms=started_ms,
            seconds=seconds,
            wanted=wanted,
            min_velocity=slowest,
            fetched=fetched,
            kept=kept,
            duplicates=duplicates,
            dropped=_counts.decode(dropped),
            problems=_counts.decode(problems),
            trouble=None if trouble is None else _trouble.decode(trouble),
        )


@contextlib.asynccontextmanager
async def own_store(path: Path) -> AsyncIterator[TrendStore]:
    """A store for a command that runs by itself. Raises ``StoreError``, also while another TUI Live records."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = WriterLock(path)
    lock.acquire()
    try:
        with explained(path):
            database = await open_writer(path)
        writer = Writer(database)
        writer.begin_to_close()  # a command does not wait for a disk that refuses
        try:
            yield TrendStore(writer.persist, database)
        finally:
            await writer.finished()
            await database.close()
    finally:
        lock.release()


async def _put_chosen(database: aiosqlite.Connection, run: Run, chosen: Chosen) -> None:
    number, now_ms = run.number, run.shown.at_ms
    for story in chosen.stories:
        post = await _put_post(database, story.video, now_ms)
        await database.execute(_PUT_STORY, (post, PLATFORM, *_story_row(story), number))
        await database.execute(
            _PUT_POINT, _point_row(post, number, story.video.seen_ms or now_ms, story.video, story.velocity)
        )
    if run.whole:
        await database.execute("UPDATE stories SET is_active = 0 WHERE is_active AND last_run <> ?", (number,))
    for video in chosen.others:  # their curves go on, where they have one
        known = "SELECT id FROM raw_posts WHERE platform = ? AND platform_post_id = ?"
        async with database.execute(known, (PLATFORM, video.post_id)) as cursor:
            row = await cursor.fetchone()
        if row is not None:
            seen_ms = video.seen_ms or now_ms
            point = _point_row(row[0], number, seen_ms, video, velocity(video, seen_ms))
            await database.execute(_PUT_POINT, point)
    await database.execute("DELETE FROM trend_points WHERE time_ms < ?", (now_ms - _POINTS_MS,))


async def _put_post(database: aiosqlite.Connection, video: Video, now_ms: int) -> int:
    row = (
        *(video.post_id, PLATFORM, video.author, video.nickname, video.author_id, video.verified, video.followers),
        *(video.caption, video.url, video.posted_ms, video.likes, video.comments, video.shares, video.views),
        *(video.raw, now_ms),
    )
    async with database.execute(_PUT_POST, row) as cursor:
        [(number,)] = await cursor.fetchall()
    return int(number)


def _story_row(story: Story) -> tuple[Any, ...]:
    parts = (story.score, story.velocity_part, story.credibility, story.relevance)
    return (*parts, story.velocity, story.reason)


def _point_row(post: int, run: int, now_ms: int, video: Video, speed: float) -> tuple[Any, ...]:
    return (post, run, now_ms, video.likes, video.comments, video.shares, video.views, speed)


def _run_row(run: Run) -> tuple[Any, ...]:
    return (
        *(run.started_ms, run.seconds, run.wanted, run.min_velocity, run.fetched, run.kept, run.duplicates),
        *(_encode(run.dropped).decode(), _encode(run.problems).decode()),
        None if run.trouble is None else _encode(run.trouble).decode(),
    )


def _trend(row: tuple[Any, ...], history: _Histories) -> Trend:
    post, post_id, author, nickname, author_id, verified, followers, caption, url, posted_ms, *rest = row
    likes, comments, shares, views, speed, score, velocity_part, credibility, relevance, reason, new = rest
    video = Video(
        post_id=post_id,
        author=author,
        nickname=nickname,
        author_id=author_id,
        verified=bool(verified),
        followers=followers,
        caption=caption,
        posted_ms=posted_ms,
        likes=likes,
        comments=comments,
        shares=shares,
        views=views,
    )
    story = Story(
        video=video,
        velocity=speed,
        score=score,
        velocity_part=velocity_part,
        credibility=credibility,
        relevance=relevance,
        reason=reason,
    )
    runs, points = history.get(post, (0, []))
    return Trend(story, url, bool(new), tuple(points), runs)
