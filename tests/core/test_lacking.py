"""What numbers lack is said in the same words everywhere, and never as less than it is."""

from __future__ import annotations

import pytest

from tui_live.core.lacking import Lack, coverage, lacking
from tui_live.core.totals import Totals


def test_everything_has_its_words_at_three_lengths() -> None:
    whole = Totals(gaps=1204, gap_ms=54_000, undecodable=1204, duplicates=12_345, likes=1, room_likes=8)
    assert lacking(whole, lambda number: f"<{number}>") == {
        "gaps": Lack("1,204 gaps (00:54)", "<1204> gaps 00:54", "<1204> gaps"),
        "undecodable": Lack("1,204 undecodable", "<1204> unread", "<1204> unread"),
        "duplicates": Lack("12,345 duplicates left out", "<12345> twice", "<12345> twice"),
        "likes": Lack("likes 12% covered", "likes 12%", "likes 12%"),
    }
    one = lacking(Totals(gaps=1, gap_ms=3_600_000, duplicates=1))
    assert [lack.long for lack in one.values()] == ["1 gap (1:00:00)", "1 duplicate left out"]
    assert [lack.brief for lack in one.values()] == ["1 gap 1:00:00", "1 twice"]


def test_what_is_not_known_to_lack_anything_is_not_told() -> None:
    assert lacking(Totals(likes=5)) == {}


@pytest.mark.parametrize(
    ("likes", "of", "said"), [(0, 0, "–"), (0, 9, "0%"), (1, 900, "<1%"), (999, 1000, "99%"), (3, 3, "100%")]
)
def test_coverage_is_never_overstated(likes, of, said) -> None:
    assert coverage(likes, of) == said
