"""The full-text index finds any two-character CJK word, and Latin prefixes."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_live.core.words import Query, index_words, is_cut, match_query, whole_index_words


@pytest.fixture
def search():
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE search USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')"
    )

    def find(text: str, query: str) -> bool:
        database.execute("DROP TABLE search")
        database.execute(
            "CREATE VIRTUAL TABLE search USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')"
        )
        database.execute("INSERT INTO search (rowid, words) VALUES (1, ?)", (index_words(text),))
        expression = match_query(query)
        return (
            bool(expression)
            and database.execute("SELECT 1 FROM search WHERE search MATCH ?", (expression,)).fetchone() is not None
        )

    return find


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("please clip that moment", "clip", True),
        ("please clip that moment", "mom", True),
        ("please clip that moment", "lip", False),
        ("Ñandú está aquí", "nandu", True),
        ("今日はいい天気ですね", "天気", True),
        ("今日はいい天気ですね", "いい天", True),
        ("今日はいい天気ですね", "ね", True),
        ("今日はいい天気ですね", "雨天", False),
        ("hello さくら thanks", "さくら thank", True),
        ("좋아요 최고", "최고", True),
        ("مرحبا بكم", "مرحب", True),
        ('say "AND" OR NOT', 'and "not', True),
        ("anything", "!!! ---", False),
        ("🥰hello everyone", "hello", True),
        ("\U0001faea\U0001fae0hello", "hel", True),
        ("nice 🔥🔥", "🔥", True),
        ("nice", "🔥", False),
        ("おつ🔥かれ", "🔥 おつ", True),
        ("I ❤ this", "❤️", True),
        ("👩\u200d🚀 launch", "👩\u200d🚀", True),
        ("a\u19b0b", "a\u19b0b", True),
        ("Йод", "иод", True),
        ("ＦＵＬＬ", "full", True),
        ("foo_bar", "bar", True),
    ],
)
def test_search(search, text, query, found) -> None:
    assert search(text, query) is found


@given(st.text("今日天気雨はいカタカナ한국어abc ", min_size=2, max_size=20), st.data())
def test_any_two_neighbouring_cjk_characters_are_found(text, data) -> None:
    cjk = [text[at : at + 2] for at in range(len(text) - 1) if not {" ", "a", "b", "c"} & set(text[at : at + 2])]
    if cjk:
        word = data.draw(st.sampled_from(cjk))
        assert word in index_words(text).split()


@given(st.text(max_size=40))
def test_the_index_has_our_words_and_no_others_in_every_sqlite(text) -> None:
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE search USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')"
    )
    database.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab(search, row)")
    given = text.encode("utf-8", "ignore").decode().replace("\0", "")
    database.execute("INSERT INTO search (rowid, words) VALUES (1, ?)", (index_words(given),))
    words = {row[0] for row in database.execute("SELECT term FROM vocabulary")}
    if not given.isascii():
        assert words == set(index_words(given).split(" ")) - {""}
    database.execute("INSERT INTO search (search, rowid, words) VALUES ('delete', 1, ?)", (index_words(given),))
    assert database.execute("SELECT count(*) FROM vocabulary").fetchone() == (0,)


@given(st.integers(980, 1_020), st.sampled_from(["x", "é", "각", "\ufdfa", "🔥", "\ufb03"]), st.integers(1, 60))
def test_a_text_that_is_cut_has_other_words_in_the_index(length, sign, signs) -> None:
    text = "w" * (length - signs) + sign * signs
    assert is_cut(text) is (index_words(text) != whole_index_words(text))


@pytest.mark.parametrize("sign", ["x", "é", "각", "\ufdfa", "🔥"])
def test_a_hostile_text_is_looked_at_only_at_its_beginning(sign) -> None:
    text = "hello " + f"{sign} " * 5_000 + "farewell"
    assert len(index_words(text)) <= 2_000
    assert Query("hello").matches(text)
    assert not Query("farewell").matches(text)
    assert not Query("farewell").spans(text)
    assert Query("farewell").matches("farewell " + text)


@given(st.text(max_size=40), st.text(max_size=8))
def test_what_matches_is_in_the_index_too(text, typed) -> None:
    query = Query(typed)
    given = text.encode("utf-8", "ignore").decode().replace("\0", "")
    for candidate in (given, f"{given} {typed}".encode("utf-8", "ignore").decode().replace("\0", "")):
        if query.expression and query.matches(candidate):
            database = sqlite3.connect(":memory:")
            database.execute("CREATE VIRTUAL TABLE search USING fts5(words, detail=none, tokenize='ascii')")
            database.execute("INSERT INTO search VALUES (?)", (index_words(candidate),))
            assert database.execute("SELECT 1 FROM search WHERE search MATCH ?", (query.expression,)).fetchone()


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("clip that", "Clip THAT clip", ["Clip", "THAT", "clip"]),
        ("nandu", "El Ñandú", ["Ñandú"]),
        ("🔥 おつ", "おつかれ 🔥🔥", ["おつ", "🔥", "🔥"]),
        ("lip", "clip lips", ["lip"]),
        ('"clip that"', "clip, clip that", ["clip that"]),
        ("full", "ＦＵＬＬ", ["ＦＵＬＬ"]),
        ("ﬁre", "ﬁreﬁght fire", ["ﬁre", "fire"]),
        ("(", "(a)", []),
        ("", "a", []),
    ],
)
def test_what_is_found_is_marked(typed, text, marked) -> None:
    assert [text[start:end] for start, end in Query(typed).spans(text)] == marked


@given(st.text(max_size=40), st.text(max_size=10))
def test_marks_lie_within_the_text_and_are_there_when_it_matches(text, typed) -> None:
    spans = Query(typed).spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


@pytest.mark.parametrize("typed", ["今日" * 5_000, "word " * 5_000, "🔥" * 5_000, '"a" ' * 5_000])
def test_a_pasted_book_is_a_search_like_any_other(search, typed) -> None:
    assert len(match_query(typed)) < 10_000
    assert Query(typed).matches(typed)


@given(st.text())
def test_no_query_is_a_syntax_error(query) -> None:
    expression = match_query(query)
    if expression:
        database = sqlite3.connect(":memory:")
        database.execute("CREATE VIRTUAL TABLE search USING fts5(words, detail=none, tokenize='ascii')")
        database.execute("SELECT * FROM search WHERE search MATCH ?", (expression,)).fetchall()
