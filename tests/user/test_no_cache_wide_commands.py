"""elasticache-user-no-cache-wide-commands: what looks scoped and reaches the whole cache."""

import pytest

from tests.support.users import REMOVED, UNKNOWN, analyze, changed, configured

POLICY = "elasticache-user-no-cache-wide-commands"


def outcome(access_string: object, **changes: object) -> str:
    return analyze(changed(accessString=access_string, **changes)).outcome(POLICY)


@pytest.mark.parametrize(
    ("rules", "power"),
    [
        (
            "~app:* +@read +@write",
            "erase everything in the cache at once (FLUSHALL, FLUSHDB, SWAPDB and CLUSTER FLUSHSLOT)",
        ),
        ("~app:* -@all +@write", "erase everything"),
        ("~app:* +flushall", "erase everything in the cache at once (FLUSHALL)"),
        ("~app:* +flushall|async", "erase everything in the cache at once (FLUSHALL)"),
        ("~app:* +@read", "learn the names of keys that are not its own"),
        ("~app:* +keys|app:*", "learn the names of keys that are not its own (KEYS)"),
        ("~app:* +client|tracking", "learn the names of keys that are not its own (CLIENT TRACKING)"),
        ("~app:* +@scripting", "run, load or drop code on the server"),
        ("~app:* +eval", "run, load or drop code"),
        ("~app:* +@slow", "watch the commands, and so the data, of other clients"),
        ("~app:* +monitor", "watch the commands, and so the data, of other clients (MONITOR)"),
        ("~app:* +client", "cut off or stall the connections of other clients"),
        ("~app:* +client|kill", "cut off or stall the connections of other clients (CLIENT KILL)"),
        ("(~app:* +get) (+swapdb|0)", "erase everything in the cache at once (SWAPDB)"),
        ("+@all", "erase everything"),
        ("~* (+@all)", "erase everything"),
        ("%R~* +@all", "erase everything"),
        ("~* +@all -@dangerous", "run, load or drop code"),
        ("~app:* +@read +nosuch", "learn the names of keys"),
    ],
)
def test_fires_and_names_the_power(rules: str, power: str) -> None:
    messages = analyze(changed(accessString=f"on {rules}")).violations[POLICY]

    assert len(messages) == 1
    assert power in messages[0].splitlines()[0]


def test_names_the_rules_and_a_narrower_string() -> None:
    """The reader sees which words grant it, and a string to paste."""
    seen, _, instead, _ = analyze(changed(accessString="on ~app:* +@read +@write")).violations[POLICY][0].splitlines()

    assert seen.endswith("This is granted by +@write, +@read.")
    assert instead == (
        "The same keys and data commands, without the rest: "
        'accessString: "on ~app:* +@read +@write -@dangerous -@scripting -clusterscan -randomkey -scan". '
        "Leave -clusterscan out on caches older than Valkey 9.1."
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
    ["on ~* +@all", "on ~* +@read +@write", "off ~app:* +@all", "~app:* +@all", "", REMOVED, None, 5],
)
def test_does_not_apply_to_broad_users_nor_to_users_who_are_off(access_string: object) -> None:
    """A broad user is reported by no-broad-access: one cause, one finding."""
    assert outcome(access_string) == "n/a"


def test_says_when_the_string_cannot_be_read() -> None:
    assert outcome(UNKNOWN) == "unknown"


def test_the_commands_are_those_of_the_engine() -> None:
    """CLUSTERSCAN, which is in @read, is Valkey's."""
    rules = "on ~app:* +@read -@dangerous -scan -randomkey"

    assert outcome(rules, engine="redis") == "passes"
    assert outcome(rules, engine="valkey") == "fires"


def test_option_which_narrows_the_capabilities() -> None:
    pack = configured(POLICY, which=["run-code"])

    assert analyze(changed(accessString="on ~app:* +@read +flushall"), pack=pack).outcome(POLICY) == "passes"
    assert analyze(changed(accessString="on ~app:* +@read +eval"), pack=pack).outcome(POLICY) == "fires"
