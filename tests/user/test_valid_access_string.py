"""elasticache-user-valid-access-string: fires on what servers or ElastiCache refuse; unknown names are advice."""

import pytest

from tests.support.users import MARKER_PASSWORD, REMOVED, UNKNOWN, analyze, changed, part, secret

POLICY = "elasticache-user-valid-access-string"


def seen(access_string: object, **changes: object) -> str:
    """The first sentence of the one finding."""
    messages = analyze(changed(accessString=access_string, **changes)).violations[POLICY]
    assert len(messages) == 1
    return part(messages[0], "found")


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


def test_tells_three_faults_and_counts_the_rest() -> None:
    assert seen("on a b c d e").endswith("; and 2 more")


@pytest.mark.parametrize(
    "rules", ["+nosuch", "+@nosuch", "-@nosuch", "-dangerous", "+", "+@", "+config|nosuch", "(+get)(+set)"]
)
def test_an_unknown_name_is_advice_at_any_level(rules: str) -> None:
    """An engine may be newer than the table, so the deployment is not stopped; the reader is told to check."""
    answer = analyze(changed(accessString=f"on ~app:* {rules}"))
    advice = answer.violations[POLICY]

    assert len(advice) == 1
    assert "check the spelling" in part(advice[0], "fix")
    assert {told.enforcementLevel for told in answer.response.diagnostics if told.policyName == POLICY} == {0}


@pytest.mark.parametrize(
    "access_string",
    [
        "on ~app:* +get",
        "off",
        "on",
        "off -@all",
        "on ~* &* +@all",
        "on  ~app:*\t+get\n",
        "ON ~app:* +GET -@Dangerous",
        "on %R~app:* %W~app:* %rw~x +@read",
        "on ~a:* +get (~b:* +set) clearselectors",
        "on ( ~a:* +get )",
        "on ()",
        "on -debug -shutdown -config -acl",
        "on sanitize-payload skip-sanitize-payload",
        "on resetkeys resetchannels allchannels allkeys",
        "on ~[unclosed +get",
        "on ~* ~*",
        "on &app:* +subscribe",
        "on ~ünï:* +get",
    ],
)
def test_passes_valid_strings(access_string: str) -> None:
    assert analyze(changed(accessString=access_string)).outcome(POLICY) == "passes"


@pytest.mark.parametrize(
    ("access_string", "expected"), [(REMOVED, "n/a"), (None, "n/a"), (UNKNOWN, "unknown"), ("[secret]", "unknown")]
)
def test_needs_a_string(access_string: object, expected: str) -> None:
    assert analyze(changed(accessString=access_string)).outcome(POLICY) == expected


def test_a_secret_string_is_not_shown() -> None:
    message = analyze(changed(accessString=secret(f"on {MARKER_PASSWORD}"))).violations[POLICY][0]

    assert part(message, "found") == "accessString (marked secret, so not shown)"


@pytest.mark.parametrize(
    ("access_string", "found"),
    [
        (5, "accessString is not a string"),
        (True, "accessString is not a string"),
        (["on"], "accessString is not a string"),
        ({"rules": "on"}, "accessString is not a string"),
        ("", "accessString is empty"),
        ("  ", "accessString is blank"),
        ("\t\n", "accessString is blank"),
    ],
)
def test_fires_on_what_holds_no_rule(access_string: object, found: str) -> None:
    """The API takes a string with something else than white space in it."""
    assert seen(access_string) == found


@pytest.mark.parametrize(
    ("letter", "name"),
    [
        ("\u00a0", "U+00A0"),
        ("\u2003", "U+2003"),
        ("\u3000", "U+3000"),
        ("\u0085", "U+0085"),
        ("\u2028", "U+2028"),
        ("\ufeff", "U+FEFF"),
        ("\u200b", "U+200B"),
    ],
)
@pytest.mark.parametrize("template", ["on ~app:*{}+get", "{}on ~app:* +get", "on ~app:* +get{}", "on{}~app:* +get"])
def test_fires_on_white_space_that_is_not_ascii(letter: str, name: str, template: str) -> None:
    """Nobody knows whether AWS takes it for a space, for a letter, or refuses it."""
    assert f"white space that is not ASCII ({name}), and nobody knows how AWS splits there" in seen(
        template.format(letter)
    )


@pytest.mark.parametrize(
    "access_string",
    [
        "on ~app:*,+get",
        "on ~app:* +get +set -@all",
        "on ~app:* +get -get",
        "on +@all nocommands",
        "on ~app:*+get",
        'on (+get "~a b)',
        "on ~app:* +auth",
    ],
)
def test_a_string_that_grants_nothing_though_it_means_to_is_advice(access_string: str) -> None:
    answer = analyze(changed(accessString=access_string))
    (message,) = answer.violations[POLICY]

    assert part(message, "found").endswith(" grants no command")
    assert {shown.enforcementLevel for shown in answer.response.diagnostics if shown.policyName == POLICY} == {0}


@pytest.mark.parametrize(
    "access_string",
    [
        "on -@all",
        "on ~app:* -@all",
        "off ~app:*,+get",
        "on ~app:* +get|a",
        "on ~app:* (+ping)",
        "on ~app:* -@all +ping",
    ],
)
def test_a_string_that_grants_nothing_on_purpose_or_little_passes(access_string: str) -> None:
    assert analyze(changed(accessString=access_string)).outcome(POLICY) == "passes"


def test_a_word_without_a_sign_may_have_been_meant_for_a_key_pattern() -> None:
    """It is not shown, since it may be a password."""
    (message,) = analyze(changed(accessString="on app:* +get")).violations[POLICY]

    assert "app:*" not in message
    assert part(message, "risk").endswith("a word without a sign may be meant for a key pattern, which begins with ~")


@pytest.mark.parametrize(
    ("access_string", "fix"),
    [
        ("on ~app:* +get get", "on ~app:* +get"),
        ("on ~app:* +@all >secret-password", "on ~app:* +@all"),
        ("on ~app:* +get +config|get", "on ~app:* +get"),
        ("on ~* ~app:* +get", "on ~* +get"),
        ("on (~app:* +get", "on (~app:* +get)"),
        ("on ~app:* +get (on ~b:* +set)", "on ~app:* +get (~b:* +set)"),
    ],
)
def test_the_fix_is_the_string_without_what_is_refused(access_string: str, fix: str) -> None:
    (message,) = analyze(changed(accessString=access_string)).violations[POLICY]

    assert part(message, "fix").startswith(f'accessString: "{fix}"')
    assert analyze(changed(accessString=fix)).outcome(POLICY) == "passes"


@pytest.mark.parametrize(
    ("access_string", "fix"),
    [
        ("on get", "on ~app-reader:* -@all +@string +@hash +del +expire"),
        ("", "on ~app-reader:* -@all +@string +@hash +del +expire"),
        (5, "on ~app-reader:* -@all +@string +@hash +del +expire"),
        ("on ~* +@all get", "on ~app-reader:* -@all +@string +@hash +del +expire"),
        ("on ~app:*\u00a0+get", "on ~app-reader:* -@all +@string +@hash +del +expire"),
        ("off get", "off -@all"),
        ("off ~* +@all get", "off ~* +@all"),
    ],
)
def test_the_fix_is_one_to_begin_with_where_nothing_good_would_be_left(access_string: object, fix: str) -> None:
    """A user who is off stays off."""
    (message,) = analyze(changed(accessString=access_string)).violations[POLICY]

    assert part(message, "fix").startswith(f'accessString: "{fix}"')
