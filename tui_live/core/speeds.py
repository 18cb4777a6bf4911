"""How fast a recording may be played; 1 is as it was."""

from __future__ import annotations

#: What the keys choose among. Between the first and the last of them, the command line takes any.
SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
SLOWEST, FASTEST = SPEEDS[0], SPEEDS[-1]


def faster(speed: float) -> float | None:
    """The next speed above; ``None`` when there is none."""
    return next((each for each in SPEEDS if each > speed), None)


def slower(speed: float) -> float | None:
    """The next speed below; ``None`` when there is none."""
    return next((each for each in reversed(SPEEDS) if each < speed), None)
