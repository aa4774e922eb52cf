"""elasticache-user-within-boundary: a user may do nothing that the boundary of its application does not allow."""

from typing import Any
from unittest.mock import Mock

import pytest

from tests.enforce.test_configure import refusal
from tests.support.users import (
    REMOVED,
    UNKNOWN,
    Answer,
    analyze,
    changed,
    configured,
    part,
    request,
    secret,
    sorted_answer,
)

POLICY = "elasticache-user-within-boundary"
STACK = "urn:pulumi:dev::shop::*"


def judge(access_string: object, *boundaries: tuple[str, str], **changes: object) -> Answer:
    """A user named `subject` of the stack `dev` of the project `shop`, by (pattern, access string)."""
    options = [{"resource": resource, "accessString": text} for resource, text in boundaries]
    return analyze(changed(accessString=access_string, **changes), pack=configured(POLICY, boundaries=options))


@pytest.mark.parametrize(
    ("access_string", "boundary", "call"),
    [
        ("on ~app:* +@all", "on ~app:* +@read +@write", "MONITOR"),
        ("on ~app:* +@read +@write", "on ~app:* +@read", "FLUSHALL"),
        ("on ~* +get", "on ~app:* +get", "GET a"),
        ("on ~app:* +get +set", "on ~app:* +get", "SET app: 1"),
        ("on ~app:* +get", "on %W~app:* +get +set", "GET app:"),
        ("on ~a:* ~b:* +mget", "on ~a:* +mget (~b:* +mget)", "MGET"),
        ("on ~subject:* ~other:* +get", "on ~{name}:* +get", "GET other:"),
        ("on ~shop:dev:* +get", "on ~{project}:{stack}:x:* +get", "GET shop:dev:"),
        ("on ~app-reader:* +get +del", "on ~{userId}:* +get", "DEL app-reader:"),
        ("on ~app:* &* +subscribe", "on ~app:* resetchannels &app:* +subscribe", "SUBSCRIBE"),
    ],
)
@pytest.mark.parametrize("engine", ["redis", "valkey"])
def test_fires_with_a_call_beyond_the_boundary(access_string: str, boundary: str, call: str, engine: str) -> None:
    (message,) = judge(access_string, (STACK, boundary), engine=engine).violations[POLICY]

    assert f"e.g. {call}" in part(message, "risk")
    assert part(message, "fix").startswith('accessString: "on ')


@pytest.mark.parametrize(
    ("access_string", "boundary"),
    [
        ("on ~app:* +get", "on ~app:* +get"),
        ("on ~app:* +get", "on ~app:* +@read"),
        ("on %R~app:x:* +get", "on ~app:* +@read"),
        ("on ~app:* +@read", "off ~app:* +@all"),
        ("on ~subject:* -@all +@string", "on ~{name}:* +@read +@write"),
        ("on ~app-reader:* +get", "on ~{userId}:* +get"),
        ("on ~a:* +get (~b:* +set)", "on ~a:* ~b:* +get +set"),
        ("on +ping", "on +@all ~*"),
        ("on ~app:* +@all", "on ~app:* allcommands"),
    ],
)
def test_passes_what_is_within(access_string: str, boundary: str) -> None:
    assert judge(access_string, (STACK, boundary)).outcome(POLICY) == "passes"


def test_the_fix_is_within_the_boundary() -> None:
    (message,) = judge("on ~* +@all", (STACK, "on ~{name}:* -@all +@string")).violations[POLICY]
    fixed = part(message, "fix").split('"')[1]

    assert fixed == "on ~subject:* -@all +@string"
    assert judge(fixed, (STACK, "on ~{name}:* -@all +@string")).outcome(POLICY) == "passes"


def test_the_first_boundary_that_matches_counts() -> None:
    narrow, wide = "on ~app:* +get", "on ~* +@all"
    mine, other = "urn:pulumi:dev::shop::*::subject", "urn:pulumi:dev::shop::*::other"

    assert judge("on ~app:* +set", (mine, narrow), (STACK, wide)).outcome(POLICY) == "fires"
    assert judge("on ~app:* +set", (STACK, wide), (mine, narrow)).outcome(POLICY) == "passes"
    assert judge("on ~app:* +set", (other, narrow), (STACK, wide)).outcome(POLICY) == "passes"


@pytest.mark.parametrize(
    ("access_string", "boundaries"),
    [
        ("on ~* +@all", []),
        ("on ~* +@all", [("urn:pulumi:prod::shop::*", "on ~app:* +get")]),
        ("off ~* +@all", [(STACK, "on ~app:* +get")]),
        (REMOVED, [(STACK, "on ~app:* +get")]),
    ],
)
def test_does_not_apply(access_string: object, boundaries: list[tuple[str, str]]) -> None:
    assert judge(access_string, *boundaries).outcome(POLICY) == "n/a"


@pytest.mark.parametrize(
    ("changes", "boundary"),
    [
        ({"access_string": UNKNOWN}, "on ~app:* +get"),
        ({"access_string": "on ~app:* +get", "userId": UNKNOWN}, "on ~{userId}:* +get"),
    ],
)
def test_says_what_cannot_be_read(changes: dict[str, Any], boundary: str) -> None:
    assert judge(changes.pop("access_string"), (STACK, boundary), **changes).outcome(POLICY) == "unknown"


@pytest.mark.parametrize("name", ["* +@all ~x", "*", "a b", "a*", "[a]", "a?", "x\\", "", "ünï", "a\n~*"])
def test_no_name_widens_its_own_boundary(name: str) -> None:
    """Developers choose the names of resources and the ids of users."""
    pack = configured(POLICY, boundaries=[{"resource": STACK, "accessString": "on ~{name}:* +get"}])
    asked = request(changed(accessString="on ~* +@all"))
    asked.urn = f"urn:pulumi:dev::shop::aws:elasticache/user:User::{name}"
    (message,) = sorted_answer(pack.Analyze(asked, Mock())).violations[POLICY]

    assert part(message, "found").startswith("{name} of the boundary cannot be filled in")
    by_id = judge("on ~* +@all", (STACK, "on ~{userId}:* +get"), userId=name).violations[POLICY]
    assert part(by_id[0], "found").startswith("{userId} of the boundary cannot be filled in")


def test_a_secret_string_is_judged_and_not_shown() -> None:
    (message,) = judge(secret("on ~secret-keys:* +@all"), (STACK, "on ~app:* +get")).violations[POLICY]

    assert "secret-keys" not in message


@pytest.mark.parametrize(
    ("boundaries", "line"),
    [
        ([{"resource": STACK}], "option boundaries[0] lacks accessString"),
        (
            [{"resource": STACK, "accessString": ""}],
            "option boundaries[0].accessString must be a text that is not empty",
        ),
        (
            [{"resource": "*", "accessString": "on"}],
            'option boundaries[0].resource: "*" does not name stack and project',
        ),
        (
            [{"resource": STACK, "accessString": "on ~{nam}:* +get"}],
            'option boundaries[0].accessString holds "{nam}"; what can be filled in is {name}, {stack}, {project}, ',
        ),
        (
            [{"resource": STACK, "accessString": "on ~app:* +nosuch"}],
            "option boundaries[0].accessString is refused by Valkey 9.1: +nosuch (word 3) names a command",
        ),
        (
            [{"resource": STACK, "accessString": "on"}, {"resource": STACK, "accessString": "on ~* ~x +get"}],
            "option boundaries[1].accessString is refused by Valkey 9.1: ~x (word 3) adds a key pattern",
        ),
    ],
)
def test_a_bad_boundary_stops_the_run_with_one_line(boundaries: object, line: str) -> None:
    assert refusal(POLICY, boundaries=boundaries).startswith(f"{POLICY}: {line}")


def test_a_boundary_of_one_engine_is_not_checked_on_another() -> None:
    """`db=` is Valkey's: the boundary is good, and nothing can be said of a Redis user."""
    assert judge("on ~app:* +get", (STACK, "on db=0 ~app:* +get"), engine="redis").outcome(POLICY) == "unknown"
    assert judge("on db=0 ~app:* +get", (STACK, "on db=0 ~app:* +get"), engine="valkey").outcome(POLICY) == "passes"
    assert judge("on ~app:* +get", (STACK, "on db=0 ~app:* +get"), engine="valkey").outcome(POLICY) == "fires"
