"""elasticache-user-no-broad-access: judged by effect, however the string is spelled."""

import pytest

from tests.support.users import MARKER_PASSWORD, REMOVED, UNKNOWN, analyze, changed, configured

POLICY = "elasticache-user-no-broad-access"


def outcome(access_string: object, **changes: object) -> str:
    return analyze(changed(accessString=access_string, **changes)).outcome(POLICY)


@pytest.mark.parametrize("engine", ["redis", "valkey"])
@pytest.mark.parametrize(
    "rules",
    [
        "~* +@all",
        "allkeys allcommands",
        "~* &* +@all",
        "+@all ~*",
        "~* +@fast +@slow",
        "(~* +@all)",
        "( ~* +@all )",
        '("~*" +@all)',
        r'("\x7e\x2a" +@all)',
        "%RW~* +@all",
        "%rw~* +@all",
        "%R~* %W~* +@all",
        "~* +@all -lolwut",
        "~* +@all +@nosuch",
        "~* +@all -@nosuch",
        "~* +@read +@write",
        "ALLKEYS +@ALL",
        "AllKeys AllCommands",
        "~** +@all",
        "~?* +@all",
        "~[^]* +@all",
        "~a* ~[^a]* +@all",
        "~a* +@all (~[^a]* +@all)",
        "~[^x]* ~x* +@read +@write",
        "~*[^!] +@all",
        "~app:* ~* +@all",
        "-@all ~* +@all",
        "-@dangerous ~* +@all",
        "~* +@all -@dangerous +@dangerous",
        "~* +@all -@dangerous +flushall",
        "~* +@all -@dangerous +flushall|async",
        "~* +@all -@dangerous +client|kill",
        "~* +@all -@dangerous +monitor",
        "~* -@all +get +set +flushdb",
        "~* +@all ~app:*",
        "~* +get (~* +set) (+flushall)",
        "(~* +@all",
        "~* +@all on,",
        "resetkeys ~* nocommands +@all",
    ],
)
def test_fires_on_whole_cache_access(rules: str, engine: str) -> None:
    assert outcome(f"on {rules}", engine=engine) == "fires"


@pytest.mark.parametrize("engine", ["redis", "valkey"])
@pytest.mark.parametrize(
    "rules",
    [
        "~app:* +@all",
        "~app:* +@read +@write",
        "~* +@all -@dangerous",
        "~* +@all -@all +get",
        "~* +@all nocommands +get",
        "+@all (~*)",
        "~* (+@all)",
        "+@all",
        "~*",
        "~* -@all",
        "~* +@read",
        "%R~* +@all",
        "%W~* +@all",
        "%R~* %W~app:* +@all",
        "~* +@write -@dangerous +@read",
        "~* +@all resetkeys",
        "~* +@all resetkeys ~app:*",
        "~* +@all reset on",
        r"~\* +@all",
        "~[*] +@all",
        "~a* ~[^b]x* +@all",
        "~app:* +@all (~other:* +@all)",
        "(~* +@all) clearselectors",
        '(~* +@all "unbalanced)',
        "+get +set +flushall",
        "~* +get +set",
        "~app:** +@all",
        "~????????????????????* +@all",
        "+@all ~APP*",
        "on",
        "",
    ],
)
def test_passes_what_is_limited(rules: str, engine: str) -> None:
    assert outcome(f"on {rules}", engine=engine) == "passes"


@pytest.mark.parametrize("access_string", ["off ~* +@all", "on ~* +@all off", "~* +@all", "", "   ", "ON ~* +@all OFF"])
def test_does_not_apply_to_users_who_are_off(access_string: str) -> None:
    """Off is the last of on and off, or neither of them."""
    assert outcome(access_string) == "n/a"


@pytest.mark.parametrize("access_string", [REMOVED, None, 5, True, ["on ~* +@all"], {"rules": "on ~* +@all"}])
def test_does_not_apply_without_a_string(access_string: object) -> None:
    assert outcome(access_string) == "n/a"


@pytest.mark.parametrize("access_string", [UNKNOWN, "[secret]"])
def test_says_when_the_string_cannot_be_read(access_string: object) -> None:
    assert outcome(access_string) == "unknown"


@pytest.mark.parametrize("engine", ["redis", "Redis", "VALKEY", "memcached", "", None, 7, UNKNOWN])
def test_judges_whatever_the_engine_says(engine: object) -> None:
    """The engine decides by which command table a string is judged, never whether it is judged."""
    assert outcome("on ~* +@all", engine=engine) == "fires"
    assert outcome("on ~app:* +get", engine=engine) == "passes"


def test_names_the_powers_and_commands() -> None:
    """The reader learns what the string gives away, by capability and command."""
    message = analyze(changed(accessString="on ~* +@all -@admin -swapdb")).violations[POLICY][0]

    assert message.splitlines()[0] == (
        'accessString "on ~* +@all -@admin -swapdb" reads and writes practically every key, '
        "and can erase everything in the cache at once (FLUSHALL and FLUSHDB)."
    )


def test_says_what_is_undecided() -> None:
    """Unknown names do not open the gate, and the message owns up to them."""
    message = analyze(changed(accessString="on ~* +@all -@nosuch")).violations[POLICY][0]

    assert "-@nosuch (word 4) names a command or category that is not known" in message


@pytest.mark.parametrize(
    "rules",
    [
        f">{MARKER_PASSWORD}",
        f"<{MARKER_PASSWORD}",
        f"> {MARKER_PASSWORD}",
        f"#{MARKER_PASSWORD}",
        f"!{MARKER_PASSWORD}",
        f"(>{MARKER_PASSWORD})",
        f"( > {MARKER_PASSWORD} )",
        f"passwords={MARKER_PASSWORD}",
        f"nopass>{MARKER_PASSWORD}",
    ],
)
def test_keeps_a_password_in_the_string_to_itself(rules: str) -> None:
    """A password has no place in an access string, and still does not reach a message (`analyze` asserts that)."""
    assert outcome(f"on ~* +@all {rules}") == "fires"


def test_option_breadth_every_key_needs_no_power_over_the_whole_cache() -> None:
    """Teams that share caches may call a user broad who reads and writes every key, whatever else it can do."""
    pack = configured(POLICY, breadth="every-key")

    assert analyze(changed(accessString="on ~* +get +set"), pack=pack).outcome(POLICY) == "fires"
    assert analyze(changed(accessString="on ~* +get"), pack=pack).outcome(POLICY) == "passes"
    assert analyze(changed(accessString="on ~app:* +@all"), pack=pack).outcome(POLICY) == "passes"
