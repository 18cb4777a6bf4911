"""People are found by their bytes: quick, but never other than what the message shows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from TikTokLive import proto

from tests.tiktok.messages import NOW_MS, built
from tui_live.core.events import Person
from tui_live.tiktok.people import People, end_of_pictures, read_person
from tui_live.wire.reading import read_user

HOUR_MS = 3_600_000
ANA_ID = 6_900_000_000_000_000_001


def user(
    nickname: str = "Ana", followers: int = 3, path: str = "a", signature: str = "1111", pictures: int = 2, **more
) -> bytes:
    picture = {"url_list": [f"https://p/{path}.webp?x-signature={signature}", f"https://q/{path}?{signature}"]}
    fields = ("avatar_thumb", "avatar_medium", "avatar_large")[:pictures]
    shown = dict.fromkeys(fields, picture) | {"id": ANA_ID, "nickname": nickname, "display_id": "ana"}
    return bytes(built(proto.User, shown | {"follow_info": {"follower_count": followers}} | more))


users = st.builds(
    user,
    nickname=st.sampled_from(("Ana", "Bea", "https://p/a.webp?", "")),
    followers=st.integers(0, 3),
    path=st.sampled_from(("a", "b", "longer")),
    signature=st.sampled_from(("1111", "2222", "33333", "?")),
    pictures=st.integers(0, 3),
    bio_description=st.sampled_from(("", "hi", "ho")),
    verified=st.booleans(),
)


def pathed(person: Person) -> Person:
    return replace(person, avatar_url=person.avatar_url.partition("?")[0])


@given(st.lists(users, min_size=1, max_size=30))
def test_a_person_is_always_what_the_message_shows_but_for_a_signature(shown) -> None:
    people = People()
    for data in shown:
        assert pathed(people.find(data, NOW_MS)) == pathed(read_person(ANA_ID, read_user(data)))


def test_a_new_signature_alone_is_nobody_new_for_an_hour() -> None:
    people = People()
    first = people.find(user(signature="1111"), NOW_MS)
    assert people.find(user(signature="2222"), NOW_MS + HOUR_MS - 1) is first
    assert people.find(user(signature="longer%2Bthan%3Dbefore"), NOW_MS + 2) is first
    assert people.find(user(signature="4", pictures=1), NOW_MS + 3) is first
    assert people.find(user(signature="5" * 300), NOW_MS + 3) is first
    later = people.find(user(signature="3333"), NOW_MS + HOUR_MS)
    assert later.avatar_url.endswith("3333")
    assert people.find(user(signature="4444"), NOW_MS + HOUR_MS + 1) is later


def test_what_is_known_is_not_parsed_again(monkeypatch) -> None:
    parsed: list[bytes] = []

    def read(data: bytes):
        parsed.append(data)
        return read_user(data)

    monkeypatch.setattr("tui_live.tiktok.people.read_user", read)
    people = People()
    for length in range(40):
        people.find(user(signature="1" * length), NOW_MS)
        people.find(user(signature="1" * length, badge_list=[{"scene_type": 1}]), NOW_MS)
    assert len(parsed) == 2


def test_who_stands_in_a_text_is_who_they_were_unless_they_are_called_otherwise() -> None:
    people = People()
    bare = {"followers": 0, "pictures": 0}
    stranger = people.glimpsed(user(**bare), NOW_MS)
    assert stranger is not None
    assert (stranger.nickname, stranger.avatar_url) == ("Ana", "")
    whole = people.find(user(verified=True), NOW_MS)
    assert whole is not None
    assert people.glimpsed(user(**bare), NOW_MS) is whole
    renamed = people.glimpsed(user("Bea", **bare), NOW_MS)
    assert renamed is not None
    assert (renamed.user_id, renamed.nickname) == (whole.user_id, "Bea")
    assert people.glimpsed(b"", NOW_MS) is None


def test_people_whose_ids_stand_elsewhere_are_not_mistaken_for_each_other() -> None:
    people = People()
    for number in ("71", "72"):
        found = people.glimpsed(bytes(built(proto.User, {"nickname": "The same name", "id_str": number})), NOW_MS)
        assert found is not None
        assert found.user_id == number


def test_whatever_bytes_name_nobody() -> None:
    people = People()
    assert people.find(b"", NOW_MS) is None
    assert people.find(b"\xff\xff", NOW_MS) is None
    assert people.find(user()[10:], NOW_MS) is None


@given(st.binary(max_size=60))
def test_no_bytes_raise(data) -> None:
    People().find(data, NOW_MS)


@given(st.binary(max_size=40), st.integers(0, 40))
def test_pictures_end_within_the_bytes(data, place) -> None:
    assert end_of_pictures(data, place) in (-1, *range(max(place, len(data)) + 1))
