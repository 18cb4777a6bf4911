"""What is taken out of texts and data when somebody is erased, and what stays."""

from __future__ import annotations

import msgspec
import pytest

from tui_live.core import events
from tui_live.core.retold import told_without
from tui_live.core.traces import ID_KEYS, NAME_KEYS, VALUE_KEYS, Traces

RAIN_ID = "6912345678901234567"
RAIN = Traces(RAIN_ID, {"rain_maker77"}, {"Zephyrine Qx", "Rose", "gg"})
#: Fields that hold what somebody wrote, or what was put together from names.
TEXTS = frozenset(
    {
        *("message", "question_text", "caption_text", "intro_message", "reason", "tips", "question", "options"),
        *("product_name", "url", "emote_name", "title", "goal_id"),
    }
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("hi @Rain_Maker77!", "hi @erased!"),
        ("rain_maker77さん", "erasedさん"),
        ("ask rain_maker777 or x.rain_maker77", "ask rain_maker777 or x.rain_maker77"),
        ("@zephyrine qx hello", "@erased hello"),
        ("@Zephyrine Qxy hello", "@Zephyrine Qxy hello"),
        (f"id {RAIN_ID}.", "id erased."),
        (f"id 1{RAIN_ID}", f"id 1{RAIN_ID}"),
        ("gg", "gg"),
        ("Rose ×5", "Rose ×5"),
        ("a Zephyrine Qx fan", "a Zephyrine Qx fan"),
    ],
)
def test_mentions_go_and_words_stay(text: str, left: str) -> None:
    assert RAIN.clean(text) == left


@pytest.mark.parametrize("name", ["👑 King", "小明", "home@x", 'a"b\\c', "x.", "ปลา"])
def test_any_nickname_is_found_where_it_is_mentioned(name: str) -> None:
    person = Traces(RAIN_ID, {"r"}, {name})
    assert person.clean(f"so @{name} said") == "so @erased said"
    assert person.clean_about(f"{name}: spam") == "erased: spam"
    held = msgspec.json.encode({"message": f"so @{name} said"}).decode().lower()
    assert any(needle in held for needle in person.needles)
    assert person.may_be_in(f"so @{name} said".encode())
    assert person.is_in(f"\x0aso @{name} said".encode())


def test_scripts_without_spaces_end_a_name_anywhere() -> None:
    person = Traces(RAIN_ID, {"r"}, {"小明"})
    assert person.clean("@小明你好") == "@erased你好"


def test_ordinary_handles_are_words() -> None:
    person = Traces(RAIN_ID, {"birthday"}, set())
    assert person.clean("happy birthday @birthday") == "happy birthday @erased"


def test_bytes_of_others_are_not_mistaken() -> None:
    assert RAIN.is_in(b"\x12\x0crain_maker77r\x02")
    assert RAIN.is_in(b"hello Rain_Maker77!")
    assert not RAIN.is_in(b"\x12\x0drain_maker777r\x02")
    small = Traces("5", {"ab"}, set())
    assert small.may_be_in(b"\x08\x05")
    assert not small.is_in(b"\x08\x05")


def test_values_stay_whatever_somebody_is_called() -> None:
    person = Traces("5655", {"rose", "en", "joined"}, {"Rose", "en", "5655", "joined"})
    data = {"gift_name": "Rose", "gift_id": "5655", "language": "en", "action": "joined", "group_id": "5655"}
    assert person.clean_data(data) == data
    others = {"user_id": "7", "username": "rose", "display_name": "Rose"}
    assert person.clean_data(others) == others
    theirs = {"user_id": "5655", "username": "rose", "display_name": "Rose", "score": 5655}
    assert person.clean_data(theirs) == {"user_id": "", "username": "erased", "display_name": "erased", "score": 5655}
    assert person.clean_data({"to_user": "5655", "mentions": ["7", "5655"]}) == {"to_user": "", "mentions": ["7"]}


def test_every_field_of_an_event_is_a_value_an_id_a_name_or_a_text() -> None:
    kinds = (VALUE_KEYS, ID_KEYS, NAME_KEYS, TEXTS)
    for cls in (*events.Data.__subclasses__(), events.TopViewer, events.BattleUser):
        for field in msgspec.structs.fields(cls):
            if "str" in str(field.type):
                assert sum(field.name in kind for kind in kinds) == 1, (cls.__name__, field.name)


def test_a_battle_is_told_again_without_a_side() -> None:
    sides = [
        {"user_id": "7", "username": "rosie", "display_name": "Zephyrine Qx", "score": 9},
        {"user_id": RAIN_ID, "username": "rain_maker77", "display_name": "Zephyrine Qx", "score": 9},
    ]
    said = "Zephyrine Qx 9 : Zephyrine Qx 9 (finished)"
    text, data = told_without(RAIN, "battle", "mic_battle", said, {"battle_users": sides, "battle_status": "finished"})
    assert text == "Zephyrine Qx 9 : erased 9 (finished)"
    assert data["battle_users"] == [
        sides[0],
        {**sides[1], "user_id": "", "username": "erased", "display_name": "erased"},
    ]


def test_a_card_is_no_score_though_its_words_begin_with_the_side() -> None:
    side = {"user_id": "7", "username": "rosie", "display_name": "Rosie", "score": None}
    data = {"battle_users": [side], "battle_status": "use_smoke_card"}
    said = "Rosie smokes Zephyrine Qx out"
    assert told_without(RAIN, "battle", "item_card", said, data, is_about=True) == ("Rosie smokes erased out", data)


@pytest.mark.parametrize(
    ("score", "said", "told"),
    [
        (9, "guest 9 : Rosie 8", "erased 9 : Rosie 8"),
        # As earlier versions called those whose names nobody told.
        (9, f"{RAIN_ID} 9 : Rosie 8", "erased 9 : Rosie 8"),
        (None, "guest : Rosie 8", "erased : Rosie 8"),
    ],
)
def test_a_side_without_a_name_is_taken_out_too(score, said, told) -> None:
    nameless = {"user_id": RAIN_ID, "username": "", "display_name": "", "score": score}
    other = {"user_id": "7", "username": "rosie", "display_name": "Rosie", "score": 8}
    data = {"battle_users": [nameless, other], "battle_status": "started"}
    assert told_without(RAIN, "battle", "armies", said, data)[0] == told


def test_moderation_names_nobody_whose_names_are_unknown() -> None:
    data = {"deleted_message_id": "", "user_id": RAIN_ID, "reason": "spam", "moderator_id": "7"}
    person = Traces(RAIN_ID, (), ())
    assert told_without(person, "moderation", "user_removed", "Zeph: spam", data) == (
        "erased: spam",
        {**data, "user_id": ""},
    )
    assert told_without(person, "moderation", "user_removed", "Zeph", {**data, "reason": ""})[0] == "erased"


def test_a_text_of_the_program_about_them_loses_all_names() -> None:
    told = told_without(RAIN, "barrage", "", "Zephyrine Qx joined", {"message": "Zephyrine Qx joined"}, is_about=True)
    assert told == ("erased joined", {"message": "erased joined"})
    chat = {"message": "gg @gg", "mentions": [RAIN_ID]}
    assert told_without(RAIN, "chat", "", "gg @gg", chat) == ("gg @erased", {"message": "gg @erased", "mentions": []})


def test_what_quotes_them_says_nothing() -> None:
    data = {"banner_type": "pin", "display_duration": 0, "message": "Zephyrine Qx: secret"}
    told = told_without(RAIN, "banner", "pin", "Zephyrine Qx: secret", data, quotes=True)
    assert told == ("erased", {"banner_type": "pin", "display_duration": 0, "message": "erased"})
