"""Local times are in the zone that the clock is in, by its name where that is known."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tui_live.engine import local_zone as module
from tui_live.engine.local_zone import local_zone


@pytest.fixture
def clock() -> Iterator[pytest.MonkeyPatch]:
    """Whatever is done to the clock's zone ends with the test."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch
    time.tzset()


def test_a_named_zone_knows_summer_and_winter(clock) -> None:
    clock.setenv("TZ", ":Europe/Berlin")
    time.tzset()
    zone = local_zone()
    assert str(zone) == "Europe/Berlin"
    offsets = {datetime(2027, month, 1, tzinfo=zone).utcoffset() for month in (1, 7)}
    assert offsets == {timedelta(hours=1), timedelta(hours=2)}


@pytest.mark.parametrize(("named", "told"), [("XYZ-5:45", "UTC+05:45"), ("UTC", "UTC"), ("Etc/UTC", "UTC")])
def test_without_a_name_it_is_the_present_offset(clock, named, told) -> None:
    clock.setenv("TZ", named)
    time.tzset()
    assert str(local_zone()) == told


def test_a_name_that_the_clock_contradicts_is_not_taken(clock, tmp_path) -> None:
    clock.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    clock.delenv("TZ")
    clock.setattr(module, "_LINK", tmp_path / "zoneinfo" / "Asia" / "Tokyo")
    clock.setattr(module, "_NAME", tmp_path / "timezone")
    assert str(local_zone()) == "UTC+05:45"
    (tmp_path / "timezone").write_text("Asia/Kathmandu\n")
    assert str(local_zone()) == "Asia/Kathmandu"


@pytest.mark.parametrize("sign", [":", ""])
@pytest.mark.parametrize("copied", [False, True])
def test_a_path_names_its_zone_or_another_place_does(clock, tmp_path, sign, copied) -> None:
    file = Path("/usr/share/zoneinfo/Europe/Berlin")
    link = tmp_path / "localtime"
    link.symlink_to(file)
    clock.setattr(module, "_LINK", tmp_path / "none")
    clock.setattr(module, "_NAME", tmp_path / "timezone")
    if copied:
        link.unlink()
        link.write_bytes(file.read_bytes())
        (tmp_path / "timezone").write_text("Europe/Berlin\n")
    clock.setenv("TZ", f"{sign}{link}")
    time.tzset()
    assert str(local_zone()) == "Europe/Berlin"
