"""elasticache-stack-managed-passwords: a password comes from no other resource; off by default."""

from collections import Counter
from typing import Any

import pytest

from elasticache.stack import Stack, StackResource
from elasticache.user import User
from policies.stack.managed_passwords import check
from rulebook.options import Options
from tests.support.stacks import STORE, analyze_stack, blamed, secret_store, urn, user
from tests.support.users import MARKER_PASSWORD, UNKNOWN, Answer, part, secret

POLICY = "elasticache-stack-managed-passwords"
ON = {POLICY: {"enforcementLevel": "mandatory"}}
ONE = secret([MARKER_PASSWORD])
LITERAL = "a-literal-password-in-the-program"
MADE = secret_store("store", result=secret(MARKER_PASSWORD), length=28)


def judge(*resources: object, seed: int = 0) -> Answer:
    return analyze_stack(*resources, configuration=ON, seed=seed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "passwords",
    [
        {"passwords": ONE},
        {"passwords": [MARKER_PASSWORD]},
        {"passwords": "[secret]"},
        {"passwords": ["[secret]"]},
        {"authenticationMode": {"type": "password", "passwords": ONE}},
        {"passwords": ONE, "accessString": "off"},
    ],
)
def test_fires_on_what_comes_from_no_resource(passwords: dict[str, Any]) -> None:
    """A literal, configuration and a function call look alike; a redacted value is written down all the same."""
    answer = judge(user("app", **passwords), MADE)

    assert blamed(answer, POLICY) == ["app"]
    assert "comes from no other resource" in answer.violations[POLICY][0]


@pytest.mark.parametrize(
    "passwords",
    [
        pytest.param(ONE, id="the output itself"),
        pytest.param(secret([f"{MARKER_PASSWORD}-2026"]), id="made out of the output"),
        pytest.param(secret([MARKER_PASSWORD[:20]]), id="cut out of the output"),
        pytest.param(secret(UNKNOWN), id="not known yet"),
        pytest.param("[secret]", id="redacted"),
        pytest.param(["[secret]"], id="redacted element"),
    ],
)
def test_passes_what_comes_from_a_resource(passwords: object) -> None:
    resources = [user("app", {"passwords": [STORE]}, passwords=passwords), MADE]

    assert judge(*resources).outcome(POLICY) == "passes"


@pytest.mark.parametrize(
    ("passwords", "seen"),
    [
        (secret([LITERAL, MARKER_PASSWORD]), "passwords holds a password that is in no output of what it comes from"),
        (secret([LITERAL, LITERAL[::-1]]), "passwords holds 2 passwords that are in no output of what it comes from"),
    ],
)
def test_fires_on_a_literal_beside_a_generated_one(passwords: object, seen: str) -> None:
    """In `up`, where all are known; in preview the generated one hides the literal."""
    answer = judge(user("app", {"passwords": [STORE]}, passwords=passwords), MADE)

    assert [part(message, "found") for message in answer.violations[POLICY]] == [seen]


@pytest.mark.parametrize(
    "store",
    [
        [],
        [secret_store("store", result="[secret]")],
        [secret_store("store", result=UNKNOWN)],
    ],
)
def test_is_silent_where_the_source_cannot_be_read(store: list[object]) -> None:
    """No equality verdict on what is unreadable, or in another stack."""
    assert judge(user("app", {"passwords": [STORE]}, passwords=secret([LITERAL])), *store).outcome(POLICY) == "passes"


@pytest.mark.parametrize(
    ("outputs", "password", "outcome"),
    [
        pytest.param({"id": "none", "length": 28}, "Literal-none-password-1", "fires", id="a short output in it"),
        pytest.param({"length": 28}, LITERAL, "fires", id="no output is a text"),
        pytest.param({}, LITERAL, "fires", id="no output at all"),
        pytest.param({"id": ""}, LITERAL, "fires", id="an empty output"),
        pytest.param({"result": "fifteen-letters"}, "fifteen-letters-and-more", "fires", id="15 are too few"),
        pytest.param({"result": "sixteen-letters!"}, "a-sixteen-letters!", "passes", id="16 are enough"),
        pytest.param({"result": "short"}, "short", "passes", id="a short output itself"),
        pytest.param({"secretString": f'{{"password":"{LITERAL}"}}'}, LITERAL, "passes", id="read out of an output"),
        pytest.param({"a": LITERAL[:17], "b": LITERAL[17:]}, LITERAL, "passes", id="made out of two outputs"),
    ],
)
def test_a_password_is_an_output_or_shares_16_characters_with_one(
    outputs: dict[str, Any], password: str, outcome: str
) -> None:
    resources = [user("app", {"passwords": [STORE]}, passwords=secret([password])), secret_store("store", **outputs)]

    assert judge(*resources).outcome(POLICY) == outcome


def test_many_users_with_one_large_source_read_it_once() -> None:
    """Counted, not timed: 200 users whose source has 20,000 outputs."""
    stack_users = [
        StackResource(urn(f"u{number}"), User({"passwords": [f"{LITERAL}-{number}"]}), {"passwords": [STORE]})
        for number in range(200)
    ]
    reads = Counter[str]()

    class Outputs(dict[str, object]):
        def values(self) -> Any:
            reads["outputs"] += 1
            return super().values()

    def outputs_of(source: str) -> dict[str, object]:
        reads[source] += 1
        return {"all": Outputs({f"output{number}": f"the text of output {number}" for number in range(20_000)})}

    assert len(check(Stack(stack_users, outputs_of), Options())) == 200
    assert reads == {STORE: 1, "outputs": 1}


def test_nested_passwords_come_from_what_their_mode_comes_from() -> None:
    """The engine reports dependencies for whole properties only."""
    mode = {"type": "password", "passwords": ONE}

    assert (
        judge(user("app", {"authenticationMode": [STORE]}, authenticationMode=mode), MADE).outcome(POLICY) == "passes"
    )
    assert judge(user("app", {"passwords": [STORE]}, authenticationMode=mode), MADE).outcome(POLICY) == "fires"


@pytest.mark.parametrize("passwords", [None, [], secret([]), secret(None)])
def test_passes_users_without_passwords(passwords: object) -> None:
    assert judge(user("app", passwords=passwords)).outcome(POLICY) == "passes"


@pytest.mark.parametrize("seed", range(3))
def test_reports_in_one_order(seed: int) -> None:
    assert blamed(judge(user("b", passwords=ONE), user("a", passwords=ONE), MADE, seed=seed), POLICY) == ["a", "b"]


def test_does_not_apply_without_users_and_is_silent_unless_switched_on() -> None:
    assert judge(MADE).outcome(POLICY) == "n/a"
    assert POLICY not in str(analyze_stack(user("app", passwords=ONE)).response)
