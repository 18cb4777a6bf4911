"""A rule matches what a person would say it matches, however the text is written, and costs little on any text."""

from __future__ import annotations

import random
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_live.core.regex_guard import PatternError, SafePattern
from tui_live.core.triggers import Rule
from tui_live.core.triggers.folding import LONGEST, composed, fold
from tui_live.core.triggers.matching import Index
from tui_live.core.triggers.needles import needle, trouble
from tui_live.core.words import is_unspaced


def found(word: str, match: str, text: str) -> bool:
    return bool(Index([Rule(number=1, word=word, match=match)]).find(text))


@pytest.mark.parametrize(
    ("word", "match", "text", "matches"),
    [
        ("clip that", "substring", "omg CLIP THAT!!", True),
        ("clip that", "substring", "clip  that", False),
        ("clip", "substring", "eclipse", True),
        ("clip", "word", "eclipse", False),
        ("clip", "word", "clip, please", True),
        ("clip", "word", "eclipse … clip", True),
        ("clip", "word", "clip_it", False),
        ("clip", "word", "clip2", False),
        ("clip", "word", "clip's", True),
        ("clip", "word", "clipé", False),
        ("!clip", "word", "so!clip", True),
        ("!clip", "word", "!clipped", False),
        ("clip", "word", "请clip一下", True),
        ("剪辑", "word", "请剪辑一下", True),
        ("클립", "word", "클립을 저장해", True),
        ("คลิป", "word", "ทำคลิปหน่อย", True),
        ("cafe", "word", "cafe\u0300 noir", False),
        ("café", "word", "CAFE\u0301 noir", True),
        ("cafe", "substring", "café", False),
        ("mañana", "substring", "man\u0303ana", True),
        ("clip", "word", "ｃｌｉｐ", True),
        ("clip", "word", "𝐂𝐥𝐢𝐩 it", True),
        ("ｗｏｗ", "substring", "WOW", True),
        ("clip", "substring", "CLİP", True),
        ("kilo", "substring", "\u212aılo", True),
        ("STRASSE", "substring", "straße", True),
        ("ΟΔΟΣ", "word", "οδος", True),
        ("❤", "substring", "I ❤️ this", True),
        ("❤️", "substring", "I ❤ this", True),
        ("👏", "substring", "👏🏽", True),
        ("w", "word", "huge W", True),
        ("w", "word", "wow", False),
        ("草", "substring", "大草原", True),
        ("(?:no|oh) way", "regex", "Oh WAY", True),
        ("^gg$", "regex", "gg wp", False),
        ("剪(辑|接)", "regex", "快剪接", True),
        ("[剪截]", "regex", "截图", True),
        ("(ha){3}", "regex", "hahahaha", True),
        ("(ha){3}", "regex", "haha ha", False),
        ("clip", "regex", "CLİP", True),
        ("❤️{2}", "regex", "❤️❤️", True),
        (".", "regex", "x", True),
        ("s|x", "regex", "\u017f", True),
    ],
)
def test_hand_made_cases(word, match, text, matches) -> None:
    assert found(word, match, text) is matches


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("(a+)+$", "a repeat inside a repeat is too slow"),
        ("(a|aa)+$", "a choice inside a repeat is too slow"),
        ("a+b+c+", "too many open repeats in the regular expression"),
        ("(", "bad regular expression: missing ), unterminated subpattern at position 0"),
        ("x" * 201, "the regular expression is too long"),
        (" ", "an empty word is in every message"),
        ("\ufe0f", "an empty word is in every message"),
    ],
)
def test_an_expression_that_cannot_be_used_says_why_and_matches_nothing(word, reason) -> None:
    assert trouble(word, "regex") == reason
    assert not found(word, "regex", f"aaaaaaaaaaaa {word}")
    with pytest.raises(PatternError):
        needle(word, "regex")


#: What is likely to break an index: letters with odd cases, compositions, widths, scripts without spaces, pictures.
_ODD = (
    "aAbiIİıksſSK\u212aßéE\u0301\u0300\u0307\u0323ｃＬlipP_ !2剪辑リクがか゛\u3099ﾞ가각\u11a8❤\ufe0f👏🏽\u200dﬁ①\u0345ΐ𝐜"
)
texts = st.text(st.sampled_from(_ODD), max_size=14) | st.text(max_size=20)
words = st.text(st.sampled_from(_ODD), min_size=1, max_size=5)
pieces = st.sampled_from(
    [*"abiksSIß剪リ가👏", "é", "[ai]", "[剪辑]", "(?:ab|cl)", "(i|s)", "k+", "(?:li)+", "l?", r"\b", "."]
)
patterns = st.lists(pieces, min_size=1, max_size=4).map("".join)
rules = st.lists(
    st.tuples(words, st.just("substring")) | st.tuples(words, st.just("word")) | st.tuples(patterns, st.just("regex")),
    min_size=1,
    max_size=12,
)


def naive(word: str, match: str, text: str) -> bool:
    """The definition, without index: one look at the whole text for each rule."""
    text = text[:LONGEST]
    if trouble(word, match):
        return False
    if match == "regex":
        return SafePattern(composed(word)).search(composed(text)) is not None
    inner, outer = fold(word), fold(text)
    places = [at for at in range(len(outer)) if outer.startswith(inner, at)]
    if match == "substring":
        return bool(places)

    def letter(character: str) -> bool:
        like = character.isalnum() or character == "_" or unicodedata.category(character).startswith("M")
        return like and not is_unspaced(character)

    def apart(left: str, right: str) -> bool:
        return not (left and right and letter(left) and letter(right))

    return any(
        apart(outer[at - 1 : at] if at else "", inner[0]) and apart(inner[-1], outer[at + len(inner) :][:1])
        for at in places
    )


@given(rules, texts, st.data())
@example([("İ", "regex")], "i\u0301", None)
@example([("s", "regex"), ("ſ", "word")], "ſ\u0301", None)
@example([("ab", "substring"), ("abc", "substring"), ("a", "substring")], "xabcx", None)
def test_any_text_and_any_rules_match_as_one_look_for_each_rule_does(chosen, text, data) -> None:
    if data is not None and data.draw(st.booleans()):
        text += data.draw(st.sampled_from(chosen))[0]
    index = Index([Rule(number=number, word=word, match=match) for number, (word, match) in enumerate(chosen)])
    expected = [number for number, (word, match) in enumerate(chosen) if naive(word, match, text)]
    assert [rule.number for rule in index.find(text)] == expected


@given(st.text(max_size=30))
def test_a_text_is_found_in_itself_however_it_is_composed(text) -> None:
    for form in ("NFC", "NFD"):
        if fold(text).strip():
            assert found(text, "substring", unicodedata.normalize(form, text))


def test_hundreds_of_rules_on_hostile_texts_stay_cheap() -> None:
    rng = random.Random(7)
    made = ["".join(rng.choices("abcdefghijklmnop剪辑草", k=rng.randint(2, 8))) for _ in range(470)]
    chosen = [Rule(number=at, word=word, match=("substring", "word")[at % 2]) for at, word in enumerate(made)]
    chosen += [Rule(number=500 + at, word=f"{word}+ .*{word}", match="regex") for at, word in enumerate(made[:30])]
    index = Index(chosen)
    for text in (
        "a" * 10_000,
        "ab" * 5_000,
        "剪辑" * 5_000,
        "".join(made)[:10_000],
        "e\u0301\u0323" * 3_333,
        "ﷺ" * 10_000,
    ):
        best = min(_seconds(index, text) for _ in range(3))
        assert best < 0.02, f"{text[:8]} took {best * 1e3:.1f} ms"


def _seconds(index: Index, text: str) -> float:
    begin = time.process_time()
    index.find(text)
    return time.process_time() - begin


def test_only_the_beginning_of_a_long_text_is_looked_at() -> None:
    assert found("clip", "substring", "x" * (LONGEST - 4) + "clip")
    assert not found("clip", "substring", "x" * LONGEST + "clip")
