"""elasticache-stack-unique-passwords: two users share a readable password."""

from typing import Any

import pytest

from tests.support.stacks import analyze_stack, blamed, user
from tests.support.users import MARKER_PASSWORD, UNKNOWN, part, secret

POLICY = "elasticache-stack-unique-passwords"
OTHER = MARKER_PASSWORD[::-1]
ONE = secret([MARKER_PASSWORD])


@pytest.mark.parametrize("seed", range(5))
def test_fires_on_every_user_after_the_first_in_one_order(seed: int) -> None:
    """Whatever order the engine sends."""
    answer = analyze_stack(
        user("a", passwords=ONE),
        user("b", passwords=ONE),
        user("c", passwords=secret([OTHER])),
        user("d", passwords=ONE),
        seed=seed,
    )

    assert blamed(answer, POLICY) == ["b", "d"]
    assert [part(message, "found") for message in answer.violations[POLICY]] == [
        'this user has a password in common with "a"',
        'this user has a password in common with "a"',
    ]


@pytest.mark.parametrize(
    "passwords",
    [
        {"passwords": [MARKER_PASSWORD]},
        {"passwords": secret([OTHER, MARKER_PASSWORD])},
        {"authenticationMode": {"type": "password", "passwords": ONE}},
        {"authenticationMode": {"type": "password", "passwords": [secret(MARKER_PASSWORD), "[secret]"]}},
        {"authenticationMode": secret({"type": "password", "passwords": [MARKER_PASSWORD]})},
        {"passwords": ONE, "accessString": "off"},
    ],
)
def test_finds_it_wherever_it_stands(passwords: dict[str, Any]) -> None:
    assert blamed(analyze_stack(user("a", passwords=ONE), user("b", **passwords)), POLICY) == ["b"]


@pytest.mark.parametrize(
    "passwords",
    [
        {},
        {"passwords": secret([OTHER])},
        {"passwords": secret([MARKER_PASSWORD.upper()])},
        {"passwords": secret([MARKER_PASSWORD + " "])},
        {"passwords": "[secret]"},
        {"passwords": ["[secret]"]},
        {"passwords": secret(UNKNOWN)},
        {"passwords": []},
        {"passwordsWo": MARKER_PASSWORD},
        {"authenticationMode": UNKNOWN},
    ],
)
def test_is_silent_on_what_differs_or_cannot_be_read(passwords: dict[str, Any]) -> None:
    answer = analyze_stack(user("a", passwords=ONE), user("b", **passwords))

    assert answer.outcome(POLICY) == "passes"


def test_two_redacted_passwords_are_not_taken_for_the_same() -> None:
    assert (
        analyze_stack(user("a", passwords=["[secret]"]), user("b", passwords=["[secret]"])).outcome(POLICY) == "passes"
    )


def test_one_user_twice_is_for_valid_authentication() -> None:
    assert analyze_stack(user("a", passwords=secret([MARKER_PASSWORD] * 2))).outcome(POLICY) == "passes"


def test_a_long_list_of_others_is_counted() -> None:
    users = [user(f"u{number}", passwords=secret([f"{MARKER_PASSWORD}{number}"])) for number in range(5)]
    shared = user("z", passwords=secret([f"{MARKER_PASSWORD}{number}" for number in range(5)]))

    assert '"u0", "u1", "u2", and 2 more' in analyze_stack(*users, shared).violations[POLICY][0]


def test_does_not_apply_without_users() -> None:
    assert analyze_stack().outcome(POLICY) == "n/a"
