"""Every setting, with its default, its meaning and what it may be (SPEC §2).

Each section of ``config.yaml`` is one frozen struct. The rule that a setting must keep stands in its annotation and the
line below it says what it means; ``config.yaml`` at the top of the project says the same to the operator. The printed
form of a section hides its secrets.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from msgspec import field

from tui_live.config.rulebook import Scoring, Trigger
from tui_live.config.rules import (
    COLOUR,
    HOST,
    HOST_NAME,
    LINE,
    TOKEN,
    WORDS,
    Between,
    ClipName,
    Distinct,
    Keys,
    Origin,
    Secret,
    StreamName,
    Url,
)
from tui_live.config.section import Section

if TYPE_CHECKING:
    from tui_live.core.shares import ShareRules

_DAY = 86_400
_WEIGHTS = Keys(("velocity", "credibility", "relevance"))
_PROXY = Url(("http", "https", "socks4", "socks5", "socks5h"))


class TikTok(Section, frozen=True):
    """How TikTok is reached."""

    web_url: Annotated[str | None, Url()] = None
    """Where live pages are read; none means TikTokLive's own choice, https://www.tiktok.com."""
    webcast_url: Annotated[str | None, Url()] = None
    """Where rooms are asked about; none means TikTokLive's own choice, https://webcast.tiktok.com/webcast."""
    sign_url: Annotated[str | None, Url()] = None
    """The sign server; none means TikTokLive's own choice."""
    sign_api_key: Annotated[str | None, LINE, Secret()] = None
    """Key for the sign server; without one its free limits apply."""
    session_id: Annotated[str | None, LINE, Secret()] = None
    """``sessionid`` cookie of a logged-in account, for age-restricted streams."""
    target_idc: Annotated[str | None, LINE] = None
    """``tt-target-idc`` cookie that belongs to ``session_id``."""
    proxy: Annotated[str | None, _PROXY] = None
    """Proxy for everything that goes to TikTok and the sign server."""
    offline_poll_seconds: Annotated[float, Between(0.1, _DAY, "seconds")] = 60.0
    """Seconds between two looks at a stream that is offline, jittered; at least 30 with TikTok's own hosts."""
    stale_after_seconds: Annotated[float, Between(0.1, 3600, "seconds")] = 45.0
    """Seconds of silence after which a connected stream counts as stale."""
    connects_per_minute: Annotated[int | None, Between(1, 6000, "connects per minute")] = None
    """Connects per minute, which is also the burst; none means 8 with TikTokLive's own sign server, else no limit."""
    resume_within_seconds: Annotated[float, Between(0, 7 * _DAY, "seconds")] = 600.0
    """Seconds within which a stream that comes back continues its session."""

    @property
    def official(self) -> bool:
        """Whether live pages or rooms are TikTok's own, which polls must spare."""
        return any(_belongs(url, "tiktok.com") for url in (self.web_url, self.webcast_url))

    @property
    def stand_in(self) -> str:
        """The origin of a stand-in for TikTok on this machine (``http://127.0.0.1:28000``), empty with any other host.

        Its pictures come from there, without encryption; TikTok's never do.
        """
        pages, rooms = (urlsplit(url or "") for url in (self.web_url, self.webcast_url))
        same = (pages.scheme, pages.netloc) == ("http", rooms.netloc) and rooms.scheme == "http"
        here = pages.hostname in ("127.0.0.1", "::1", "localhost") and "@" not in pages.netloc
        return f"http://{pages.netloc}" if same and here else ""

    @property
    def connect_budget(self) -> int | None:
        """Connects per minute that the scheduler may spend, or ``None`` for no limit."""
        if self.connects_per_minute is None and _belongs(self.sign_url, "eulerstream.com"):
            return 8
        return self.connects_per_minute

    @property
    def poll_floor(self) -> float:
        """The least seconds between two polls of one stream."""
        return 30.0 if self.official else 0.1


class Database(Section, frozen=True):
    """Where everything is kept."""

    path: Annotated[Path | None, LINE] = None
    """The SQLite file; none means ``tui-live.db`` in the user's data folder."""
    keep_raw: bool = True
    """Keep every frame as it came; without them there is no replay."""
    retention_days: Annotated[float | None, Between(1, 36_500, "days")] = None
    """Days after which a whole session is removed; none keeps all."""


class Obs(Section, frozen=True):
    """OBS: its replay buffer and its clips."""

    enabled: bool = False
    """Connect to OBS."""
    host: Annotated[str, HOST] = "localhost"
    """Host on which OBS runs."""
    port: Annotated[int, Between(1, 65_535)] = 4455
    """Port of OBS's WebSocket server."""
    password: Annotated[str | None, LINE, Secret()] = None
    """Password of OBS's WebSocket server."""
    start_replay_buffer: bool = True
    """Start the replay buffer when it is not running."""
    clip_dir: Annotated[Path | None, LINE] = None
    """Folder of the clips; none means where OBS saves. When OBS runs elsewhere: its folder as mounted here."""
    clip_name: Annotated[str, ClipName()] = "{username}_{trigger}_{timestamp}"
    """Name of a clip without its extension; ``{streamer}`` is known too."""
    merge_window_seconds: Annotated[float, Between(0, 600, "seconds")] = 2.0
    """Seconds after a save within which further matches join the same clip."""
    source_name: Annotated[str | None, LINE] = None
    """An OBS source whose presence and activity are checked and shown."""


class Overlay(Section, frozen=True):
    """The pages that OBS shows, and the API beside them."""

    host: Annotated[str, HOST] = "127.0.0.1"
    """Address on which the web server listens."""
    port: Annotated[int, Between(1, 65_535)] = 8088
    """Port of the web server."""
    token: Annotated[str | None, TOKEN, Secret()] = None
    """Token for writes and for access from elsewhere; none means the one made at the first start."""
    require_token: bool = False
    """Whether reading from this machine needs the token, too: for a proxy on it that does not say whom it asks for."""
    allowed_hosts: Annotated[tuple[Annotated[str, HOST_NAME], ...], Distinct()] = ()
    """Further names under which the server is reached, such as a reverse proxy's."""
    allowed_origins: Annotated[tuple[Annotated[str, Origin()], ...], Distinct()] = ()
    """Origins of other pages whose scripts may read the API (CORS)."""
    background: Annotated[str, COLOUR] = "#00ff00"
    """Background of the overlays, for the chroma key."""
    top: Annotated[int, Between(1, 100, "places")] = 5
    """Places that the leaderboard overlay shows."""
    question_seconds: Annotated[float | None, Between(1, _DAY, "seconds")] = None
    """Seconds that a chosen comment stays on screen; none means until it is cleared."""


class Shares(Section, frozen=True):
    """What counts as a spike, as viral, as an influencer and as a cascade of shares."""

    spike_times: Annotated[float, Between(1.1, 1000, "times the usual rate")] = 3.0
    """A spike is this many times the rolling baseline."""
    window_seconds: Annotated[float, Between(1, 3600, "seconds")] = 60.0
    """Seconds over which shares are counted for it."""
    viral_per_minute: Annotated[float | None, Between(0.1, 1_000_000, "shares per minute")] = None
    """Shares per minute that count as viral; none means never."""
    influencer_followers: Annotated[int, Between(1, 1_000_000_000, "followers")] = 10_000
    """Followers from which a sharer counts as an influencer."""
    after_seconds: Annotated[float, Between(5, 7200, "seconds")] = 300.0
    """Seconds from the beginning of a spike in which follows and arrivals are taken to come after it."""
    cascade_seconds: Annotated[float, Between(1, 600, "seconds")] = 10.0
    """A share so many seconds after another goes on with its cascade."""

    def rules(self) -> "ShareRules":
        """What sessions are analysed by."""
        from tui_live.core.shares import ShareRules

        return ShareRules(
            spike_times=self.spike_times,
            window_seconds=self.window_seconds,
            viral_per_minute=self.viral_per_minute,
            influencer_followers=self.influencer_followers,
            after_seconds=self.after_seconds,
            cascade_seconds=self.cascade_seconds,
        )


class Trends(Section, frozen=True):
    """Fetching trending videos."""

    limit: Annotated[int, Between(1, 1000, "videos")] = 50
    """Videos to fetch each time."""
    min_velocity: Annotated[float, Between(0, 1e9, "interactions per minute")] = 100.0
    """Likes, comments and shares per minute since posting that a video needs to be kept."""
    every_minutes: Annotated[float, Between(0.1, 10_080, "minutes")] = 15.0
    """Minutes between two fetches with ``--watch``."""
    rate_limit_delay_seconds: Annotated[float, Between(0, 3600, "seconds")] = 2.0
    """Seconds between two requests."""
    keywords: tuple[Annotated[str, WORDS], ...] = ()
    """Words that raise a video's score when its caption or its hashtags have them; ``#word``: its hashtags only."""
    weights: Annotated[dict[str, Annotated[float, Between(0, 1000)]], _WEIGHTS] = field(default_factory=dict)
    """Weights of the parts of a score: velocity [0.5], credibility [0.3], relevance [0.2]; only proportions matter."""
    ms_tokens: Annotated[tuple[Annotated[str, LINE], ...], Secret()] = ()
    """``msToken`` cookies of TikTok; each browser session uses another one."""
    browser: Literal["chromium", "firefox", "webkit"] = "chromium"
    """Browser that Playwright starts."""
    executable_path: Annotated[Path | None, LINE] = None
    """Browser to use; without it Chromium or Chrome as it is installed, else Playwright's own."""
    browser_args: tuple[Annotated[str, LINE], ...] = ()
    """Further arguments for the browser."""
    headless: bool = True
    """Run the browser without a window."""
    proxy: Annotated[str | None, _PROXY] = None
    """Proxy for the browser."""
    user_agent: Annotated[str | None, LINE] = None
    """User agent in place of the browser's own."""


class Ui(Section, frozen=True):
    """The console."""

    theme: Annotated[str | None, WORDS] = None
    """Name of a theme; none means the console's own."""
    log_lines: Annotated[int, Between(100, 10_000_000, "lines")] = 100_000
    """Lines that the log keeps in memory; the database keeps all."""
    animations: Literal["none", "basic", "full"] | None = None
    """How much moves; none (no value) leaves it to ``TEXTUAL_ANIMATIONS``."""
    keymap: dict[str, Annotated[str, WORDS]] = field(default_factory=dict)
    """Other keys for actions: the action's id and its keys, separated by commas."""
    notifications: bool = True
    """Show notifications."""
    notification_seconds: Annotated[float, Between(0.5, 600, "seconds")] = 5.0
    """Seconds that a notification stays."""


class Config(Section, frozen=True):
    """The whole configuration."""

    streams: Annotated[tuple[Annotated[str, StreamName()], ...], Distinct()] = ()
    """Streams to watch from the start: user names, ``@names`` or live URLs."""
    tiktok: TikTok = TikTok()
    """How TikTok is reached."""
    database: Database = Database()
    """Where everything is kept."""
    scoring: Scoring = Scoring()
    """How points are counted."""
    triggers: tuple[Trigger, ...] = ()
    """What saves a clip."""
    obs: Obs = Obs()
    """OBS and its replay buffer."""
    overlay: Overlay = Overlay()
    """Overlays and API."""
    shares: Shares = Shares()
    """Share analytics."""
    trends: Trends = Trends()
    """Trending videos."""
    ui: Ui = Ui()
    """The console."""


def _belongs(url: str | None, domain: str) -> bool:
    """Whether ``url`` is at ``domain`` or below it; none is TikTokLive's own choice, which is."""
    if url is None:
        return True
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    return host == domain or host.endswith("." + domain)
