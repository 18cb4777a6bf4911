"""The full-text index finds any two-character CJK word, and Latin prefixes."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_live.core.words import index_words, match_query


@pytest.fixture
def search():
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE search USING fts5(words, content='', columnsize=0, detail=none,"
        " tokenize='unicode61 remove_diacritics 2')"
    )

    def find(text: str, query: str) -> bool:
        database.execute("DROP TABLE search")
        database.execute(
            "CREATE VIRTUAL TABLE search USING fts5(words, content='', columnsize=0, detail=none,"
            " tokenize='unicode61 remove_diacritics 2')"
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


@given(st.text())
def test_no_query_is_a_syntax_error(query) -> None:
    expression = match_query(query)
    if expression:
        database = sqlite3.connect(":memory:")
        database.execute("CREATE VIRTUAL TABLE search USING fts5(words, detail=none)")
        database.execute("SELECT * FROM search WHERE search MATCH ?", (expression,)).fetchall()
