"""elasticache-user-no-broad-access: judged by effect, however the string is spelled."""

import pytest

from tests.support.users import MARKER_PASSWORD, REMOVED, UNKNOWN, analyze, changed, configured, part

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
        # one direction is enough where everything can be erased
        "%R~* +@all",
        "%W~* +@all",
        "%R~* %W~app:* +@all",
        "%R~* +get +flushdb",
        "%W~* +set +flushall|async",
        # what reaches most of the keys that well-known software writes
        "~*:* +@all",
        "~[a-z]* +@all",
        "~*[^z] +@all",
        "~?????????* +@all",
        "~????????????????????* +@all",
        "~[^_]* +@all",
        "~*[0-9a-f]* +@all",
        "~*a* ~*e* +@all",
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
        "%R~* +@all -@dangerous",
        "%W~* +@all -@dangerous",
        "%R~* +@read",
        "%W~* +set +client|kill",
        "%R~* +get +monitor",
        "~* +@read +@connection -client",
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
        "~????????????????????????????????????????* +@all",
        "~app:*:* +@all",
        "~*:app +@all",
        "~session:* ~cache:* +@all",
        "~{app}* +@all",
        "~*app* +@all",
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

    assert part(message, "found") == 'accessString "on ~* +@all -@admin -swapdb"'
    assert part(message, "risk") == "reads and writes practically every key; reaches everybody with FLUSHALL"
    assert part(message, "fix") == 'accessString: "on ~app-reader:* -@all +@string +@hash +del +expire"'
    assert part(message, "or").startswith('accessString: "on ~* +@all -@admin -swapdb -@keyspace ')
    assert part(message, "or").endswith(
        "the least that must go; it still reaches every key; it drops EVAL, EVALSHA and 5 more, which BullMQ, Sidekiq, "
        "Celery, and 21 more need"
    )


def test_names_one_command_for_each_power() -> None:
    message = analyze(changed(accessString="on ~* +@all")).violations[POLICY][0]

    assert part(message, "risk") == (
        "reads and writes practically every key; reaches everybody with FLUSHALL, MONITOR and CLIENT KILL"
    )


def test_a_redis_user_is_judged_on_valkey_too() -> None:
    """Valkey caches take Redis groups, and there CLUSTER FLUSHSLOT, which is in @write, erases as well."""
    rules = "on ~* -@all +@read +@write -flushall -flushdb -swapdb"
    message = analyze(changed(accessString=rules, engine="redis")).violations[POLICY][0]

    assert part(message, "risk").endswith("reaches everybody with CLUSTER FLUSHSLOT (on Valkey 9.1)")
    assert outcome(f"{rules} -@dangerous", engine="redis") == "passes"


@pytest.mark.parametrize(
    "rules", ["on ~* +@read", "on ~* -@all +@read", "on ~* +@read +@connection -client|list -client|kill -client|pause"]
)
def test_a_reporting_user_is_not_broad(rules: str) -> None:
    for engine in ("redis", "valkey"):
        assert outcome(rules, engine=engine) == "passes"


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
