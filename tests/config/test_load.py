"""Every setting is checked, from wherever it comes, and the strongest layer wins."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui_live import paths
from tui_live.config import Config, TikTok, Trigger, document, load, redacted, secret_values
from tui_live.config import keys as setting_keys
from tui_live.errors import ConfigError


def file_of(folder: Path, text: str, name: str = "c.yaml") -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def loaded(folder: Path, text: str, environ: dict[str, str] | None = None) -> Config:
    return load(file_of(folder, text), None, environ or {}).config


def test_without_any_file_everything_has_its_default(own_home: Path) -> None:
    result = load(None, None, {})
    assert result.config == Config()
    assert result.path == paths.config_file() == own_home / "config.yaml"
    assert set(result.sources.values()) == {"default"} and set(result.sources) == set(setting_keys.settings())


def test_the_strongest_layer_wins_and_is_named(own_home: Path) -> None:
    own_home.mkdir()
    file_of(own_home, "ui: {theme: user, log_lines: 1000}\nobs: {port: 1, host: user}\n", "config.yaml")
    work = file_of(Path.cwd(), "ui: {theme: work}\nobs: {port: 2}\n", "config.yaml")
    environ = {"TUI_LIVE_OBS__PORT": "3", "TUI_LIVE_OVERLAY__PORT": "4", "TIKTOK_TRENDING_LIMIT": "5"}
    result = load(None, {"overlay.port": 6, "ui.theme": None}, environ)
    config = result.config
    assert (config.ui.log_lines, config.ui.theme, config.obs.host) == (1000, "work", "user")
    assert (config.obs.port, config.overlay.port, config.trends.limit) == (3, 6, 5)
    assert result.sources["ui.theme"] == str(work) and result.path == work
    assert result.sources["obs.port"] == "environment variable TUI_LIVE_OBS__PORT"
    assert result.sources["overlay.port"] == "command line" and result.sources["obs.host"].endswith("home/config.yaml")
    assert result.from_environment("trends.limit") and not result.from_environment("overlay.port")


def test_a_file_that_was_named_is_the_only_one(own_home: Path, tmp_path: Path) -> None:
    file_of(Path.cwd(), "obs: {port: 2}\n", "config.yaml")
    assert loaded(tmp_path, "ui: {theme: x}\n").obs.port == 4455
    with pytest.raises(ConfigError, match=r"missing\.yaml cannot be read: No such file"):
        load(tmp_path / "missing.yaml", None, {})


def test_the_variables_of_other_tools_and_our_own(own_home: Path) -> None:
    environ = {
        "SIGN_API_KEY": "weak",
        "TUI_LIVE_TIKTOK__SIGN_API_KEY": "strong",
        "TIKTOK_MIN_ENGAGEMENT_VELOCITY": "12.5",
        "RATE_LIMIT_DELAY": "0.5",
        "TUI_LIVE_STREAMS": "@alice, bob",
        "TUI_LIVE_TRIGGERS": '[wow, {"gift_coins": 100}]',
        "TUI_LIVE_UI__KEYMAP": "quit: ctrl+q",
        "TUI_LIVE_OBS": "{port: 1}",
        "TUI_LIVE_SCORING__LIKES_PER_POINT__OTHER": "20",
        "TUI_LIVE_OBS__PASSWORD": "",
        "TUI_LIVE_HOME": "/somewhere",
    }
    config = load(None, None, environ).config
    assert config.tiktok.sign_api_key == "strong" and config.trends.min_velocity == 12.5
    assert config.trends.rate_limit_delay_seconds == 0.5 and config.streams == ("alice", "bob")
    assert config.triggers == (Trigger(word="wow"), Trigger(gift_coins=100)) and config.ui.keymap == {"quit": "ctrl+q"}
    assert config.obs.port == 1 and config.obs.password is None and config.scoring.likes_per_point.other == 20


def test_values_are_what_their_setting_says_not_what_yaml_guesses(tmp_path: Path) -> None:
    config = loaded(
        tmp_path,
        "streams: [no, 8, '@Ünï', https://www.tiktok.com/@Carol/live?x=1, no]\nobs:\n  password: 0123\n"
        "  enabled: yes\n  port: '4456'\ndatabase: {retention_days: 1e1}\nui:\n  theme: ~\noverlay:\n",
    )
    assert config.streams == ("no", "8", "ünï", "carol")
    assert config.obs.password == "0123" and config.obs.enabled and config.obs.port == 4456
    assert config.database.retention_days == 10 and config.ui.theme is None and config.overlay == Config().overlay


def test_relative_paths_begin_at_the_file_and_tilde_is_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    config = loaded(tmp_path, "database: {path: x.db}\nobs: {clip_dir: ~/clips}\n")
    assert config.database.path == tmp_path / "x.db" and config.obs.clip_dir == Path("/home/me/clips")
    assert load(None, {"database.path": "y.db"}, {}).config.database.path == Path.cwd() / "y.db"


MISTAKES = [
    ("obs:\n  port: 99999\n", "c.yaml line 2: obs.port is 99999 — allowed: a whole number from 1 to 65,535"),
    ("obs:\n  prot: 1\n", "c.yaml line 2: unknown key obs.prot — did you mean port?"),
    ("obss: {}\n", "c.yaml line 1: unknown key obss — did you mean obs?"),
    ("obs: 5\n", "c.yaml line 1: obs is 5 — allowed: a table with enabled, host"),
    ("streams: [a, 'b c']\n", "c.yaml line 1: streams[1] is 'b c' — allowed: a TikTok user name"),
    ("streams: {a: b}\n", "streams is {'a': 'b'} — allowed: a list"),
    ("streams: [@a]\n", "c.yaml line 1, column 11: found character"),
    ("streams: [a\nobs: {}\n", "c.yaml line 2, column"),
    ("obs:\n\tport: 1\n", "c.yaml line 2, column 1"),
    ("obs: {port: 1, port: 2}\n", "c.yaml line 1 has the key obs.port twice — remove one"),
    ("- a\n", "c.yaml is not a configuration"),
    (
        "tiktok:\n  web_url: ftp://x\n",
        "tiktok.web_url is ftp://x — allowed: a URL that begins with http:// or https://",
    ),
    ("tiktok: {web_url: 'http://'}\n", "tiktok.web_url is http:// — allowed: a URL"),
    ("tiktok: {sign_url: 'http://h:99999'}\n", "tiktok.sign_url is http://h:99999 — allowed: a URL"),
    ("tiktok: {proxy: 'x://me:word@h'}\n", "tiktok.proxy is x://***@h — allowed"),
    ("tiktok: {offline_poll_seconds: 5}\n", "tiktok.offline_poll_seconds is 5 — allowed: 30 seconds or more"),
    ("tiktok: {offline_poll_seconds: 0.01}\n", "is 0.01 — allowed: a number from 0.1 to 86,400 seconds"),
    ("tiktok: {stale_after_seconds: nan}\n", "tiktok.stale_after_seconds is nan — allowed: a number"),
    ("tiktok: {connects_per_minute: 1.5}\n", "tiktok.connects_per_minute is 1.5 — allowed: a whole number"),
    ("scoring: {likes_per_point: {follower: 0}}\n", "scoring.likes_per_point.follower is 0 — allowed"),
    ("scoring: {gift_multipliers: {9: 1, 4: 2, above: 3}}\n", "allowed: rows 'coins: factor' with ascending coins"),
    ("scoring: {gift_multipliers: {9: 1}}\n", "allowed: rows 'coins: factor' with ascending coins"),
    ("scoring: {gift_multipliers: {4: x, above: 3}}\n", "scoring.gift_multipliers[0].times is x — allowed: a number"),
    ("triggers: [{word: '(', match: regex}]\n", "triggers[0] is {'word': '(', 'match': 'regex'} — allowed: a regular"),
    ("triggers: [a, {match: x, word: b}]\n", "triggers[1].match is x — allowed: substring or word or regex"),
    ("triggers: [{wrod: b}]\n", "triggers[0].wrod unknown key — did you mean word?"),
    ("triggers: [{word: a, gift_coins: 1}]\n", "allowed: exactly one of word, gift_coins and rate"),
    ("triggers: [{rate: {times: 3}}]\n", "triggers[0].rate.of is missing — chat or gift or share"),
    ("obs: {clip_name: a/b}\n", "obs.clip_name is a/b — allowed: a file name"),
    ("obs: {clip_name: '{user}'}\n", "obs.clip_name is {user} — allowed: a file name"),
    ("obs: {host: 'http://x'}\n", "obs.host is http://x — allowed: a host name"),
    ("overlay: {background: '#12'}\n", "overlay.background is #12 — allowed: green, transparent"),
    ("overlay: {token: short}\n", "overlay.token is *** — allowed: 8 to 200"),
    ("ui: {animations: some}\n", "ui.animations is some — allowed: none or basic or full"),
    ("ui: {notifications: maybe}\n", "ui.notifications is maybe — allowed: true or false"),
    ("database: {keep_raw: 2}\n", "database.keep_raw is 2 — allowed: true or false"),
    ("trends: {weights: {views: -1}}\n", "trends.weights.views is -1 — allowed: a number from 0"),
    ("trends: {weights: {views: 1}}\n", "allowed: a table with velocity, credibility, relevance"),
    ("trends: {browser: lynx}\n", "trends.browser is lynx — allowed: chromium or firefox or webkit"),
]


@pytest.mark.parametrize(("text", "message"), MISTAKES, ids=[text.strip()[:40] for text, _ in MISTAKES])
def test_a_mistake_is_one_line_with_file_key_value_and_what_is_allowed(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    said = str(caught.value)
    assert message in said and "\n" not in said and str(tmp_path) in said


def test_a_mistake_in_a_variable_names_the_variable() -> None:
    with pytest.raises(
        ConfigError, match=r"^environment variable RATE_LIMIT_DELAY: trends\.rate_limit_delay_seconds is x"
    ):
        load(None, None, {"RATE_LIMIT_DELAY": "x"})
    with pytest.raises(ConfigError, match=r"TUI_LIVE_OBS__PROT: unknown key obs\.prot — did you mean port\?"):
        load(None, None, {"TUI_LIVE_OBS__PROT": "x"})


def test_bytes_that_are_not_text_and_files_that_are_none(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    for raw, message in (
        (b"a\n\xff", "line 2: a byte that is not UTF-8"),
        (b"a: \x00", "character"),
        (b" " * 2_000_000, "larger"),
    ):
        file.write_bytes(raw)
        with pytest.raises(ConfigError, match=message):
            load(file, None, {})
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load(tmp_path, None, {})


def test_tiktoks_own_hosts_are_spared_and_others_are_not(tmp_path: Path) -> None:
    assert TikTok().official and TikTok().connect_budget == 8
    assert (
        TikTok(web_url="https://m.TikTok.com.").official
        and not TikTok(web_url="https://a", webcast_url="https://tiktok.com.evil").official
    )
    rehearsal = (
        "tiktok: {web_url: 'http://127.0.0.1:1/', webcast_url: 'http://127.0.0.1:1/webcast', sign_url: 'http://[::1]:1'"
    )
    tiktok = loaded(tmp_path, rehearsal + ", offline_poll_seconds: 0.1}").tiktok
    assert not tiktok.official and tiktok.connect_budget is None and tiktok.web_url == "http://127.0.0.1:1"
    assert loaded(tmp_path, rehearsal + ", connects_per_minute: 3}").tiktok.connect_budget == 3
    assert loaded(tmp_path, "tiktok: {sign_url: 'https://sign.mine'}").tiktok.connect_budget is None
    assert loaded(tmp_path, "tiktok: {connects_per_minute: 20}").tiktok.connect_budget == 20


def test_the_gift_table_of_the_specification() -> None:
    rules = Config().scoring.rules()
    assert (rules.scale, rules.follower_like, rules.other_like) == (30, 3, 2)
    prices = [1, 4, 5, 9, 10, 19, 20, 49, 50, 99, 100, 299, 300, 999, 1000, 44_999]
    assert [rules.gift(coins) // (coins * rules.scale) for coins in prices] == [
        5,
        5,
        6,
        6,
        7,
        7,
        8,
        8,
        10,
        10,
        15,
        15,
        20,
        20,
        30,
        30,
    ]


SECRETS = {
    "TUI_LIVE_OBS__PASSWORD": "aaaa1111",
    "TUI_LIVE_OVERLAY__TOKEN": "bbbb2222",
    "TUI_LIVE_TIKTOK__SESSION_ID": "cccc3333",
    "SIGN_API_KEY": "dddd4444",
    "TUI_LIVE_TRENDS__MS_TOKENS": "[eeee5555, ffff6666]",
    "TUI_LIVE_TRENDS__PROXY": "http://me:gggg7777@host:1",
    "TUI_LIVE_TIKTOK__PROXY": "http://me:hhhh8888@host:1",
    "TUI_LIVE_TIKTOK__SIGN_URL": "http://me:iiii9999@host:1",
}
HIDDEN = ["aaaa1111", "bbbb2222", "cccc3333", "dddd4444", "eeee5555", "ffff6666", "gggg7777", "hhhh8888", "iiii9999"]


def test_secrets_are_in_no_printed_form() -> None:
    result = load(None, None, SECRETS)
    for text in (repr(result), str(result.config), repr(result.config.tiktok), repr(redacted(result.config))):
        assert not [secret for secret in HIDDEN if secret in text]
    assert sorted(secret_values(result.config)) == HIDDEN
    assert result.config.obs.password == "aaaa1111"


@pytest.mark.parametrize(
    "text", ["*abcdef", "'abcdef", "&abcdef *x", "[abcdef", "!!int abcdef", "{a: abcdef", "%abcdef"]
)
def test_no_mistake_shows_a_secret(tmp_path: Path, text: str) -> None:
    try:
        loaded(tmp_path, f"obs:\n  password: {text}\n  port: 1\n")
    except ConfigError as error:
        assert "abcdef" not in str(error)
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, "trends: {ms_tokens: [{abcdef: abcdef}]}\n")
    assert "abcdef" not in str(caught.value)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["yes", "1e999", "http://[", "~"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=3),
    max_leaves=8,
)
all_keys = st.sampled_from(
    [*setting_keys.settings(), "obs", "tiktok", "scoring", "scoring.likes_per_point", "nothing", "obs.x.y", ""]
)


@settings(max_examples=600, deadline=None)
@given(all_keys, values)
def test_any_value_at_any_key_is_a_configuration_or_one_line(key: str, value: object) -> None:
    try:
        assert isinstance(load(Path("/dev/null"), {key: value}, {}).config, Config)
    except ConfigError as error:
        assert "\n" not in str(error) and str(error).isprintable() and len(str(error)) < 1000


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60) | st.text("[]{}:,-&*!#|>'\"% \n\tab1", max_size=60) | st.binary(max_size=40))
def test_any_file_is_a_configuration_or_one_line(tmp_path: Path, text: str | bytes) -> None:
    file = tmp_path / "any.yaml"
    file.write_bytes(text if isinstance(text, bytes) else b"obs:\n  " + text.encode("utf-8", "surrogatepass"))
    try:
        assert isinstance(load(file, None, {}).config, Config)
    except ConfigError as error:
        assert "\n" not in str(error)


def test_nesting_and_anchors_cannot_blow_it_up(tmp_path: Path) -> None:
    laughs = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 15))
    for text in (laughs, "streams: " + "[" * 5000, "obs: &o\n  host: *o\n", "obs: &o {host: *o}\n"):
        with pytest.raises(ConfigError):
            loaded(tmp_path, text)


def test_loading_imports_neither_textual_nor_the_editor() -> None:
    heavy = "textual asyncio ruamel tempfile difflib"
    program = f"import sys, tui_live.config as c; c.load(); print(*(m for m in {heavy!r}.split() if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_without_the_c_parser_a_file_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "streams: [no, '', ~]\nobs:\n  host: ''\n  password:\nui: {theme: 'null', keymap: {a: \"b\\tc\"}}\n"
    fast = document.parse(text, "c.yaml")
    monkeypatch.delattr("yaml.CSafeLoader")
    assert document.parse(text, "c.yaml") == fast
    assert fast.data["streams"] == ["no", "", None] and fast.data["obs"] == {"host": "", "password": None}
    with pytest.raises(ConfigError, match="line 1, column 11"):
        document.parse("streams: [@a]", "c.yaml")
