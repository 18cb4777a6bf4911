"""All checks at once, told in the order in which a clip comes about."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import click
import msgspec

from tui_live.config import Loaded
from tui_live.doctor import chromium, machine, network, obs
from tui_live.doctor.finding import Finding, Verdict, failed
from tui_live.errors import ConfigError

log = logging.getLogger(__name__)
T = TypeVar("T")

#: No check takes longer; each has shorter limits of its own.
_SECONDS = 30.0


def run_doctor(load: Callable[[], Loaded], as_json: bool) -> int:
    """Check each hop, print what was found, and return the exit code: 1 when a check failed, else 0.

    ``load`` reads the configuration; when it cannot be used, that is the one finding.
    """
    try:
        loaded = load()
    except ConfigError as problem:
        findings = [failed("configuration", problem.title, problem.remedy)]
        _print(findings, as_json)
        return 1
    findings = _checked(loaded, None if as_json else _tell)
    if as_json:
        _print(findings, as_json)
    else:
        click.echo(_sum(findings))
    return int(any(finding.verdict is Verdict.FAILED for finding in findings))


def _checked(loaded: Loaded, tell: Callable[[Finding], None] | None) -> list[Finding]:
    """Everything that was found. A thread that waits for a dead disk is not waited for."""
    loop = asyncio.new_event_loop()
    loop.set_default_executor(_Leaving())
    try:
        return loop.run_until_complete(_check(loaded, tell))
    finally:
        loop.close()


class _Leaving(ThreadPoolExecutor):
    """Threads that nobody waits for at the end of the program."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Run it in a thread of its own that ends with the program."""
        done: Future[T] = Future()

        def run() -> None:
            if done.set_running_or_notify_cancel():  # from here on, nobody can cancel it
                try:
                    done.set_result(fn(*args, **kwargs))
                except BaseException as error:
                    done.set_exception(error)

        threading.Thread(target=run, daemon=True).start()
        return done


async def _check(loaded: Loaded, tell: Callable[[Finding], None] | None) -> list[Finding]:
    """Everything side by side; each finding is told as soon as those before it are."""
    checks: list[tuple[str, Coroutine[Any, Any, Finding | list[Finding]]]] = [
        ("configuration", machine.configuration(loaded)),
        ("database", machine.database(loaded)),
        ("network", network.network(loaded)),
        ("sign server", network.sign_server(loaded)),
        ("TikTok", network.tiktok(loaded)),
        ("OBS", obs.obs(loaded)),
        (chromium.HOP, chromium.chromium(loaded)),
        ("overlay port", machine.overlay_port(loaded)),
    ]
    running = [asyncio.create_task(_guarded(hop, check)) for hop, check in checks]
    findings: list[Finding] = []
    for task in running:
        for finding in await task:
            findings.append(finding)
            if tell is not None:
                tell(finding)
    return findings


async def _guarded(hop: str, check: Awaitable[Finding | list[Finding]]) -> list[Finding]:
    """What a check found; one that fails itself, or does not end, is a finding as well."""
    try:
        async with asyncio.timeout(_SECONDS):
            found = await check
    except TimeoutError:
        return [failed(hop, f"no result within {_SECONDS:.0f} s", "try again; the log file may say more")]
    except Exception as error:
        log.exception("the check of %s failed", hop)
        return [failed(hop, f"could not be checked ({type(error).__name__})", "the log file says more")]
    return found if isinstance(found, list) else [found]


def _tell(finding: Finding) -> None:
    colours = {Verdict.OK: "green", Verdict.WARNING: "yellow", Verdict.FAILED: "red"}
    mark, rest = finding.line[0], finding.line[1:]
    click.echo(click.style(mark, fg=colours.get(finding.verdict)) + rest)
    sys.stdout.flush()


def _print(findings: list[Finding], as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode({"findings": findings})).decode())
    else:
        for finding in findings:
            _tell(finding)


def _sum(findings: list[Finding]) -> str:
    count = sum(finding.verdict is Verdict.FAILED for finding in findings)
    if count:
        return f"\n{count} {'check' if count == 1 else 'checks'} failed."
    return "\nNothing stands in the way."
