"""A count has the word that goes with it."""

from __future__ import annotations

import pytest

from tui_live.core.counts import several


@pytest.mark.parametrize(
    ("count", "words", "said"),
    [
        (0, ("share",), "0 shares"),
        (1, ("share",), "1 share"),
        (1204, ("share",), "1,204 shares"),
        (1, ("person", "people"), "1 person"),
        (2, ("person", "people"), "2 people"),
    ],
)
def test_one_and_several(count, words, said) -> None:
    assert several(count, *words) == said
