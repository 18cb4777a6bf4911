"""The commands. Each is a few lines that call the rooms below; heavy imports wait until a command needs them."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui_live import __version__
from tui_live.core.speeds import FASTEST, SLOWEST
from tui_live.errors import TuiLiveError

if TYPE_CHECKING:
    from tui_live.config import Loaded

TIMES = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d")
LEVELS = ("debug", "info", "warning", "error")


class Commands(click.Group):
    """``tui-live @user …`` opens the console, ``tui-live serve …`` is a command: what names none is a stream."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``console`` before the first word that is neither an option nor a command."""
        options = {
            name for param in self.params for name in param.opts if getattr(param, "nargs", 0) and not _flag(param)
        }
        at = 0
        while at < len(args) and args[at].startswith("-"):
            at += 2 if args[at] in options else 1
        if at >= len(args) and not {"--help", "--version"} & set(args):
            args = [*args, "console"]
        elif at < len(args) and args[at] not in self.commands:
            args = [*args[:at], "console", *args[at:]]
        return super().parse_args(ctx, args)


def _flag(param: click.Parameter) -> bool:
    return isinstance(param, click.Option) and (param.is_flag or param.count)


class Settings:
    """The common options, and the configuration that they lead to."""

    def __init__(self, config: Path | None, db: Path | None, log_level: str) -> None:
        self._config = config
        self._db = db
        self._log_level = log_level

    def load(self, **overrides: object) -> Loaded:
        """The configuration in effect; the log is set up on the way. Raises ``ConfigError``."""
        from tui_live.config import load
        from tui_live.logs import set_up_logging

        loaded = load(self._config, {"database.path": self._db and str(self._db), **overrides})
        set_up_logging(self._log_level, loaded.config)
        return loaded

    def database(self) -> Path:
        """The database in effect."""
        from tui_live.paths import database_file

        return self.load().config.database.path or database_file()

    def load_with(self, users: tuple[str, ...]) -> Loaded:
        """The configuration with further streams from the command line."""
        from tui_live.config import normalise_stream

        loaded = self.load()
        if not users:
            return loaded
        web_url = loaded.config.tiktok.web_url or ""
        names = [*loaded.config.streams, *(normalise_stream(user, web_url) for user in users)]
        return self.load(streams=list(dict.fromkeys(names)))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tui-live")
@click.option("-c", "--config", type=click.Path(path_type=Path), metavar="FILE", help="Configuration file.")
@click.option("--db", type=click.Path(path_type=Path), metavar="FILE", help="Database file.")
@click.option(
    "--log-level", type=click.Choice(LEVELS), default="info", show_default=True, help="What the log file keeps."
)
@click.pass_context
def commands(context: click.Context, config: Path | None, db: Path | None, log_level: str) -> None:
    """A terminal console for people who run TikTok LIVE streams.

    Without a command: open the console, start the streams of the configuration and those named.
    """
    context.obj = Settings(config, db, log_level)


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """Accept the common options behind the command too: ``serve -c FILE`` reads as well as ``-c FILE serve``."""

    def take(context: click.Context, param: click.Parameter, value: Any) -> None:
        if value is not None and context.obj is not None:
            setattr(context.obj, f"_{param.name}", value)

    for decorate in (
        click.option("-c", "--config", type=click.Path(path_type=Path), callback=take, expose_value=False, hidden=True),
        click.option("--db", type=click.Path(path_type=Path), callback=take, expose_value=False, hidden=True),
        click.option("--log-level", type=click.Choice(LEVELS), callback=take, expose_value=False, hidden=True),
    ):
        command = decorate(command)
    return command


@commands.command(hidden=True)
@common
@click.argument("users", nargs=-1, metavar="[@USER]...")
@click.pass_obj
def console(settings: Settings, users: tuple[str, ...]) -> None:
    """Open the console (the same as no command at all)."""
    gc.disable()  # until the engine runs: what start-up makes stays
    from tui_live.ui.run import run_console

    run_console(settings.load_with(users))


@commands.command()
@common
@click.pass_obj
def demo(settings: Settings) -> None:
    """Open the console on a built-in stand-in for TikTok, with a throw-away database."""
    from tui_live.ui.run import run_demo

    run_demo(settings.load())


@commands.command()
@common
@click.option("--until-ended", is_flag=True, help="Stop when every stream is over and everything is written.")
@click.argument("users", nargs=-1, metavar="[@USER]...")
@click.pass_obj
def serve(settings: Settings, users: tuple[str, ...], until_ended: bool) -> None:
    """Run without a screen: for systemd, a container, a headless box."""
    from tui_live.engine.headless import serve as run

    run(settings.load_with(users), until_ended)


@commands.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8099, show_default=True, help="Port; 0 takes a free one."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed is another audience.")
def simulate(port: int, seed: int) -> None:
    """Run only the stand-in for TikTok, for rehearsals and tests."""
    from tui_live.simulator.stand import run_simulator

    run_simulator(port, seed)


@commands.command()
@common
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def sessions(settings: Settings, as_json: bool) -> None:
    """List past sessions, the newest first."""
    from tui_live.paths import database_file
    from tui_live.store.listing import list_sessions

    click.echo(list_sessions(settings.load().config.database.path or database_file(), as_json))


def _possible_speed(context: click.Context, param: click.Parameter, speed: float) -> float:
    if not SLOWEST <= speed <= FASTEST:  # nor is nan
        raise click.BadParameter(f"{speed:g} is no number from {SLOWEST:g} to {FASTEST:g}", context, param)
    return speed


@commands.command()
@common
@click.option(
    "--speed",
    type=float,
    default=1.0,
    show_default=True,
    metavar="X",
    callback=_possible_speed,
    help="How fast: 0.1 to 20.",
)
@click.argument("session", metavar="SESSION|@STREAMER")
@click.pass_obj
def replay(settings: Settings, session: str, speed: float) -> None:
    """Play a recorded session again: console, triggers, overlays; with its own timing, space pauses and goes on.

    SESSION is a key, or the beginning of one (see tui-live sessions); @STREAMER is the newest of that streamer.
    """
    from tui_live.ui.run import run_replay

    run_replay(settings.load(), session, speed)


@commands.command()
@common
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="At most so many.")
@click.option("--stream", metavar="USER", help="Only this streamer's sessions.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--before", type=click.IntRange(1, 2**63 - 1), metavar="ID", help='Go on there: the "next" of an earlier --json.'
)
@click.argument("text", nargs=-1, required=True)
@click.pass_obj
def search(
    settings: Settings, text: tuple[str, ...], limit: int, stream: str | None, as_json: bool, before: int | None
) -> None:
    """Find what was said, in all sessions, the newest first: all words must occur, "quoted phrases" as they stand."""
    from tui_live.config import normalise_stream
    from tui_live.store.printing import run_search

    streamer = normalise_stream(stream) if stream else None
    run_search(settings.database(), " ".join(text), limit, streamer, as_json, before)


@commands.command()
@common
@click.argument("session", metavar="SESSION|@STREAMER")
@click.option(
    "--format",
    type=click.Choice(["jsonl", "json", "csv", "parquet"]),
    help="File format. Without it: what the file's name ends in, else jsonl.",
)
@click.option("--type", "types", multiple=True, metavar="T", help="Only events of these types: gift,chat.")
@click.option("--user", default="", metavar="U", help="Only events of this person: id, handle or @handle.")
@click.option("--since", type=click.DateTime(TIMES), help="Only events from then on (local time).")
@click.option("--until", type=click.DateTime(TIMES), help="Only events before then (local time).")
@click.option("--raw", is_flag=True, help="With every original message.")
@click.option("--pseudonymise", is_flag=True, help="Replace ids and names by stable pseudonyms.")
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File; .gz compresses. Without it: standard output.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@click.pass_obj
def export(settings: Settings, /, session: str, target: Path | None, force: bool, **chosen: Any) -> None:
    """Write a session's events to a file.

    SESSION is a key, or the beginning of one (see tui-live sessions); @STREAMER is the newest of that streamer.
    """
    from tui_live.store.export_printing import export_options, run_export

    run_export(settings.database(), session, export_options(target=target, **chosen), target, force)


@commands.command()
@common
@click.argument("session", metavar="SESSION|@STREAMER")
@click.option("--apply", "write", is_flag=True, help="Keep the new scores.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with all differences.")
@click.pass_obj
def rescore(settings: Settings, session: str, write: bool, as_json: bool) -> None:
    """Count a session's scores again from its events, under the present rules, and show what differs.

    SESSION is a key, or the beginning of one (see tui-live sessions); @STREAMER is the newest of that streamer.
    """
    from tui_live.store.rescore_printing import run_rescore

    run_rescore(settings.database(), session, settings.load().config.scoring.rules(), write, as_json)


@commands.command()
@common
@click.argument("sessions", nargs=-1, required=True, metavar="SESSION...|@STREAMER")
@click.option("--last", type=click.IntRange(1), metavar="N", help="Of @STREAMER: only the newest N sessions.")
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(),  # as text: a slash at its end says that it is a folder
    metavar="FILE",
    help="File or folder. Without it: STREAMER-DATE.html here.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@click.pass_obj
def report(settings: Settings, sessions: tuple[str, ...], last: int | None, target: str | None, force: bool) -> None:
    """Write a report as one HTML file: plots, top users, shares, engagement, gaps; it works offline.

    SESSION is a key, or the beginning of one (see tui-live sessions). Several keys, or @STREAMER for its newest
    sessions, give a comparison.
    """
    from tui_live.engine.reporting import Wanted, run_report

    config = settings.load().config
    rules = config.scoring.rules(), config.shares.rules()
    run_report(settings.database(), Wanted(sessions, last), *rules, target, force)


@commands.command()
@common
@click.argument("user")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only show what would be erased.")
@click.pass_obj
def erase(settings: Settings, user: str, yes: bool, dry_run: bool) -> None:
    """Erase a person everywhere in the database. USER is an id, a handle or an @handle."""
    from tui_live.obs.unnaming import Unnaming
    from tui_live.store.printing import run_erase

    run_erase(settings.database(), user, dry_run, yes, Unnaming())


@commands.command()
@common
@click.option("--limit", type=int, metavar="N", help="Videos to fetch (trends.limit).")
@click.option("--min-velocity", type=float, metavar="V", help="Interactions a minute to be kept (trends.min_velocity).")
@click.option("--watch", is_flag=True, help="Repeat every trends.every_minutes, less often while TikTok minds.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; with --watch a line for each run.")
@click.pass_obj
def trends(settings: Settings, limit: int | None, min_velocity: float | None, watch: bool, as_json: bool) -> None:
    """Fetch trending videos, keep the fast ones and show them; exit code 1 when there was trouble."""
    from tui_live.engine.trends_command import run_trends

    loaded = settings.load(**{"trends.limit": limit, "trends.min_velocity": min_velocity})
    days = loaded.config.database.retention_days
    code = run_trends(settings.database(), loaded.config.trends, watch, as_json, days)
    if code:
        raise click.exceptions.Exit(code)


@commands.command()
@common
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def doctor(settings: Settings, as_json: bool) -> None:
    """Check each hop from here to a saved clip and say what to do about each failure; exit code 1 if any failed."""
    from tui_live.doctor.run import run_doctor

    code = run_doctor(settings.load, as_json)
    if code:
        raise click.exceptions.Exit(code)


@commands.command()
@common
@click.pass_obj
def info(settings: Settings) -> None:
    """Show versions and every path in use."""
    from tui_live.about import describe

    click.echo(describe(settings.load()))


def main() -> None:
    """Entry point: what went wrong is one line on stderr, exit code 2 (1 when a check failed, 130 on Ctrl-C)."""
    try:
        code = commands(standalone_mode=False)
        if isinstance(code, int):  # what a command leaves with; click only returns it here
            sys.exit(code)
    except TuiLiveError as error:
        _fail(str(error), 2)
    except click.exceptions.Abort:
        _fail("interrupted", 130)
    except click.ClickException as error:
        _fail(error.format_message(), error.exit_code)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        _fail(f"{error.strerror or error} — check the disk's space and the rights", 2)


def _fail(line: str, code: int) -> None:
    click.echo(f"tui-live: {line}", err=True)
    sys.exit(code)
