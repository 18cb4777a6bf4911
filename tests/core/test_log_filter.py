"""What a person types selects what they mean."""

from __future__ import annotations

import time

import pytest

from tui_live.core.events import TYPES
from tui_live.core.log import NOTE, Row
from tui_live.core.log_filter import LONGEST, parse, shown_type
from tui_live.errors import TuiLiveError

NAMES = {0: "alice", 1: "Bob.Live"}


def row(
    kind: str = "chat", text: str = "", nick: str = "Ana", stream: int = 0, subtype: str = "", handle: str = "ana_1"
) -> Row:
    return (0, stream, kind, subtype, nick, handle, text, 0, "700", 0, None, True)


@pytest.mark.parametrize(
    ("source", "line", "accepted"),
    [
        ("", row(), True),
        ("type:chat", row("chat"), True),
        ("type:chat", row("gift"), False),
        ("TYPE:Chat,gift", row("gift"), True),
        ("type:chat,", row("chat"), True),
        ("type:", row("gift"), True),
        ("!type:like", row("like"), False),
        ("!type:like", row("chat"), True),
        ("type:follow", row("social", subtype="follow"), True),
        ("type:share", row("social", subtype="follow"), False),
        ("type:social", row("social", subtype="follow"), True),
        ("type:join", row("member", subtype="joined"), True),
        ("type:room", row("room_update"), True),
        ("type:state", row(NOTE), True),
        ("user:ANA", row(nick="Anabel", handle=""), True),
        ("user:ana_1", row(nick="x"), True),
        ("user:700", row(nick="x", handle="y"), True),
        ("user:tom,ana", row(), True),
        ("user:tom", row(), False),
        ('user:"an a"', row(nick="Jan Alt"), True),
        ("stream:ali", row(), True),
        ("stream:@alice", row(), True),
        ("stream:bob", row(stream=1), True),
        ("stream:bob", row(), False),
        ("stream:alice", row(stream=9), False),
        ("hello", row(text="Well HELLO there"), True),
        ("hello", row(text="bye"), False),
        ("ana", row(text="bye"), True),
        ("hello,bye", row(text="bye"), True),
        ("well there", row(text="well, there"), True),
        ('"well there"', row(text="well, there"), False),
        ('"well, there"', row(text="Well, there"), True),
        ("!spam", row(text="spam!"), False),
        ("!spam", row(text="fine"), True),
        ("!", row(text="fine"), True),
        ('!"two words"', row(text="two words"), False),
        ("/h.llo/", row(text="Hallo"), True),
        ("/^hello$/", row(text="hello you"), False),
        (r"/a\/b/", row(text="a/b"), True),
        ("/two words/", row(text="two words"), True),
        ("!/h.llo/", row(text="hallo"), False),
        ("/hel", row(text="hello"), True),
        ("//", row(text="x"), True),
        ("/.*lo.*/", row(text="hello"), True),
        ("type:chat /lo/ !bad user:ana stream:alice", row(text="hello"), True),
        ("type:chat /lo/ !bad user:ana stream:alice", row(text="bad hello"), False),
        ("http://x", row(text="see http://x.y"), True),
        ("さくら", row(nick="さくら"), True),
        ("STRASSE", row(text="strasse"), True),
    ],
)
def test_filter(source, line, accepted) -> None:
    match = parse(source, NAMES).match
    assert (match is None or match(line)) is accepted


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("/(/", "bad regular expression"),
        ("/[z-a]/", "bad regular expression"),
        ("/a{999999999999}/", "bad regular expression"),
        ("/(a+)+$/", "repeat inside a repeat"),
        ("/(a|a)*b/", "choice inside a repeat"),
        ("/(.*a){30}/", "repeat inside a repeat"),
        ("/a.*b.*c.*d/", "too many open repeats"),
        ("/a?a?a?a?a?a?a?a?aaaaaaaa/", "too many optional parts"),
        ("/" + "x" * 300 + "/", "too long"),
        ("type:chatt", "did you mean chat"),
        ("type:xyzzy", "no type is called xyzzy"),
    ],
)
def test_what_cannot_be_used_is_said(source, says) -> None:
    with pytest.raises(TuiLiveError) as raised:
        parse(source, NAMES)
    assert says in str(raised.value)


@pytest.mark.parametrize("source", ["/a.*b/", "/(ab)+c/", "/x*y*z/", "/(?:a|b|c)d/", "/[a-z]+@/", r"/\w+\s\w+!/"])
@pytest.mark.parametrize("text", ["a" * 3000, "ab" * 1500, "x" * 3000, "a b " * 700])
def test_an_accepted_pattern_is_never_slow(source, text) -> None:
    match = parse(source, NAMES).match
    assert match is not None
    line = row(text=text)

    def took() -> float:
        start = time.thread_time()
        match(line)
        return time.thread_time() - start

    assert min(took() for _ in range(3)) < 0.05


def test_words_and_patterns_are_found_for_marking() -> None:
    parsed = parse("type:chat hello /w.r/ !bye", NAMES)
    assert parsed.spans("Hello world, hello") == [(0, 5), (6, 9), (13, 18)]
    assert parse("!hello", NAMES).spans("hello") == []


def test_shown_types_are_short() -> None:
    assert shown_type("room_update", "") == "room"
    assert shown_type("social", "follow") == "follow"
    assert shown_type("member", "joined") == "join"
    assert shown_type("chat", "") == "chat"
    assert max(len(shown_type(kind, "")) for kind in (*TYPES, "note", "of_no_known_type")) == LONGEST
