"""elasticache-user-no-cache-wide-commands: what looks scoped and reaches the whole cache."""

import pytest

from tests.support.users import REMOVED, UNKNOWN, analyze, changed, configured, part

POLICY = "elasticache-user-no-cache-wide-commands"


def outcome(access_string: object, **changes: object) -> str:
    return analyze(changed(accessString=access_string, **changes)).outcome(POLICY)


@pytest.mark.parametrize(
    ("rules", "power"),
    [
        (
            "~app:* +@read +@write",
            "erase everything (FLUSHALL, FLUSHDB and 2 more)",
        ),
        ("~app:* -@all +@write", "erase everything"),
        ("~app:* +flushall", "erase everything (FLUSHALL)"),
        ("~app:* +flushall|async", "erase everything (FLUSHALL)"),
        ("~app:* +@read", "list keys"),
        ("~app:* +keys|app:*", "list keys (KEYS)"),
        ("~app:* +client|tracking", "list keys (CLIENT TRACKING)"),
        ("~app:* +@scripting", "run code"),
        ("~app:* +eval", "run code"),
        ("~app:* +@slow", "watch traffic"),
        ("~app:* +monitor", "watch traffic (MONITOR)"),
        ("~app:* +client", "disturb clients"),
        ("~app:* +client|kill", "disturb clients (CLIENT KILL)"),
        ("(~app:* +get) (+swapdb|0)", "erase everything (SWAPDB)"),
        ("+@all", "erase everything"),
        ("~* (+@all)", "erase everything"),
        ("%R~* +@all -flushall -flushdb -swapdb -cluster", "watch traffic"),
        ("~* +@all -@dangerous", "run code"),
        ("~app:* +@read +nosuch", "list keys"),
    ],
)
def test_fires_and_names_the_power(rules: str, power: str) -> None:
    messages = analyze(changed(accessString=f"on {rules}")).violations[POLICY]

    assert len(messages) == 1
    assert power in part(messages[0], "risk")


def test_names_the_rules_and_a_narrower_string() -> None:
    """The reader sees which words grant it, and a string to paste."""
    message = analyze(changed(accessString="on ~app:* +@read +@write")).violations[POLICY][0]

    assert part(message, "found") == 'accessString "on ~app:* +@read +@write"'
    assert part(message, "risk") == (
        "can erase everything (FLUSHALL, FLUSHDB and 2 more), run code (FUNCTION LOAD, FUNCTION RESTORE and 2 more), "
        "list keys (KEYS, SCAN and 2 more), whatever its key patterns; granted by +@write, +@read"
    )
    assert part(message, "fix") == (
        'accessString: "on ~app:* +@read +@write -@keyspace -@scripting +copy +dbsize +del +dump +exists +expire '
        "+expireat +expiretime +move +object|encoding +object|freq +object|idletime +object|refcount +persist "
        '+pexpire +pexpireat +pexpiretime +pttl +rename +renamenx +touch +ttl +type +unlink"'
    )
    assert part(message, "or") == (
        "to keep SCAN, KEYS and 2 more, which django-redis, Rails, Spring Cache, and 8 more need, "
        'leave list-keys out of the option "which"'
    )


@pytest.mark.parametrize(
    "rules",
    [
        "~app:* -@all +get +set",
        "~app:* -@all +@hash +@string",
        "~app:* +@all -@dangerous -@scripting -scan -randomkey -clusterscan -client|tracking -cluster|getkeysinslot",
        "~* +@string",
        "~app:* +eval|return",
        "~app:* +monitor|x",
        "~app:* +@pubsub &app:*",
        "~app:* +client|no-evict +client|setname +client|id",
        "~app:* +@read resetdbs -client|tracking -cluster|getkeysinslot",
        "~app:* +@write -@all +hset",
        "~app:* +flushall -flushall",
        "~app:* +dbsize +info +memory +time",
        "~app:* +sscan +hscan +zscan",
        "",
    ],
)
def test_passes_what_stays_inside(rules: str) -> None:
    assert outcome(f"on {rules}") == "passes"


@pytest.mark.parametrize(
    "access_string",
    ["on ~* +@all", "on ~* +@read +@write", "on %R~* +@all", "off ~app:* +@all", "~app:* +@all", "", REMOVED, None, 5],
)
def test_does_not_apply_to_broad_users_nor_to_users_who_are_off(access_string: object) -> None:
    """A broad user is reported by no-broad-access: one cause, one finding."""
    assert outcome(access_string) == "n/a"


def test_says_when_the_string_cannot_be_read() -> None:
    assert outcome(UNKNOWN) == "unknown"


def test_the_commands_are_those_of_the_engine_and_of_valkey() -> None:
    """CLUSTERSCAN, which is in @read, is Valkey's; caches for Valkey take Redis groups, and the message says so."""
    rules = "on ~app:* +@read -@dangerous -scan -randomkey"
    (message,) = analyze(changed(accessString=rules, engine="redis")).violations[POLICY]

    assert "list keys (CLUSTERSCAN on Valkey 9.1)" in part(message, "risk")
    assert outcome(rules, engine="valkey") == "fires"
    assert outcome(f"{rules} -clusterscan", engine="valkey") == "passes"


def test_option_which_narrows_the_capabilities() -> None:
    pack = configured(POLICY, which=["run-code"])

    assert analyze(changed(accessString="on ~app:* +@read +flushall"), pack=pack).outcome(POLICY) == "passes"
    assert analyze(changed(accessString="on ~app:* +@read +eval"), pack=pack).outcome(POLICY) == "fires"
