"""elasticache-user-valid-access-string: fires on what servers or ElastiCache refuse; unknown names are advice."""

import pytest

from tests.support.users import MARKER_PASSWORD, REMOVED, UNKNOWN, analyze, changed, secret

POLICY = "elasticache-user-valid-access-string"


def seen(access_string: object, **changes: object) -> str:
    """The first sentence of the one finding."""
    messages = analyze(changed(accessString=access_string, **changes)).violations[POLICY]
    assert len(messages) == 1
    return messages[0].splitlines()[0]


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        ("get", "get (word 2) is not an ACL rule"),
        ("@all", "@all (word 2) is not an ACL rule"),
        ("*", "[a word of 1 characters] (word 2) is not an ACL rule"),
        ('"~*"', "[a word of 4 characters] (word 2) is not an ACL rule"),
        ("~* ~app:*", "~app:* (word 3) adds a key pattern after ~* or allkeys"),
        ("allkeys %R~app:*", "%R~app:* (word 3) adds a key pattern after ~* or allkeys"),
        ("&* &news", "&news (word 3) adds a channel pattern after &* or allchannels"),
        ("%~x", "%~x (word 2) is not an ACL rule"),
        ("%RR~x", "%RR~x (word 2) is not an ACL rule"),
        ("%", "% (word 2) is not an ACL rule"),
        ("+select|", "+select| (word 2) is not an ACL rule"),
        ("+config|get|maxmemory", "+config|get|maxmemory (word 2) allows a first argument of a subcommand"),
        ("(~* +get", "(~* (word 2) opens a selector that is never closed"),
        ("(on)", "on (word 2) is not an ACL rule"),
        ("((~*))", "(~*) (word 2) is not an ACL rule"),
        ("#abc", "#[hidden] (word 2) is not a SHA-256 hash"),
        (f">{MARKER_PASSWORD}", ">[hidden] may not stand in an access string on ElastiCache"),
        (f"<{MARKER_PASSWORD}", "<[hidden] (word 2) removes a password that the user does not have"),
        ("nopass", "nopass may not stand in an access string on ElastiCache"),
        ("resetpass", "resetpass may not stand in an access string on ElastiCache"),
        ("RESET", "RESET may not stand in an access string on ElastiCache"),
        ("+config", "+config may not stand in an access string on ElastiCache"),
        ("+config|get", "+config|get may not stand in an access string on ElastiCache"),
        ("+DEBUG", "+debug may not stand in an access string on ElastiCache"),
    ],
)
def test_fires_and_names_the_word(rules: str, fault: str) -> None:
    assert fault in seen(f"on {rules}")


def test_fires_on_users_who_are_off_too() -> None:
    """A string that is refused stops the deployment whether the user is on or not."""
    assert "get (word 2)" in seen("off get")


def test_database_rules_are_valkeys_own() -> None:
    """`db=` is a rule of Valkey 9.1, and no Redis has ever had it."""
    assert "db=0 (word 2)" in seen("on db=0 ~app:* +get", engine="redis")
    assert analyze(changed(accessString="on db=0 ~app:* +get", engine="valkey")).outcome(POLICY) == "passes"


def test_names_three_faults_and_counts_the_rest() -> None:
    assert seen("on a b c d e").endswith("and 2 more.")


@pytest.mark.parametrize(
    "rules", ["+nosuch", "+@nosuch", "-@nosuch", "-dangerous", "+", "+@", "+config|nosuch", "(+get)(+set)"]
)
def test_an_unknown_name_is_advice_at_any_level(rules: str) -> None:
    """An engine may be newer than the table, so the deployment is not stopped; the reader should check."""
    answer = analyze(changed(accessString=f"on ~app:* {rules}"))
    advice = answer.violations[POLICY]

    assert len(advice) == 1
    assert "Check the spelling" in advice[0]
    assert {reported.enforcementLevel for reported in answer.response.diagnostics if reported.policyName == POLICY} == {
        0
    }


@pytest.mark.parametrize(
    "access_string",
    [
        "on ~app:* +get",
        "off",
        "",
        "on",
        "off -@all",
        "on ~* &* +@all",
        "on  ~app:*\t+get\n",
        "ON ~app:* +GET -@Dangerous",
        "on %R~app:* %W~app:* %rw~x +@read",
        "on ~a:* +get (~b:* +set) clearselectors",
        "on ( ~a:* +get )",
        "on ()",
        'on (+get "~a b)',
        "on -debug -shutdown -config -acl",
        "on sanitize-payload skip-sanitize-payload",
        "on resetkeys resetchannels allchannels allkeys",
        "on ~[unclosed +get",
        "on ~* ~*",
        "on &app:* +subscribe",
        "on ~ünï:* +get",
        "on +@all nocommands",
    ],
)
def test_passes_valid_strings(access_string: str) -> None:
    assert analyze(changed(accessString=access_string)).outcome(POLICY) == "passes"


@pytest.mark.parametrize(
    ("access_string", "expected"), [(REMOVED, "n/a"), (None, "n/a"), (5, "n/a"), (UNKNOWN, "unknown")]
)
def test_needs_a_string(access_string: object, expected: str) -> None:
    assert analyze(changed(accessString=access_string)).outcome(POLICY) == expected


def test_a_secret_string_is_not_shown() -> None:
    message = analyze(changed(accessString=secret(f"on {MARKER_PASSWORD}"))).violations[POLICY][0]

    assert message.startswith("accessString (marked secret, so not shown) is refused: it breaks the rules.")
