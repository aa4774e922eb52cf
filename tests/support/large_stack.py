"""A stack of the size of a company's: 1,000 users, 100 groups, 20,000 other resources, and known faults among them."""

import json
import random
from collections.abc import Iterator
from typing import Any, Final

from tests.support.stacks import ASSOCIATION_TYPE, GROUP_TYPE, STORE, Resource, resource, urn
from tests.support.users import USER_TYPE, secret

USERS: Final = 1_000
GROUPS: Final = 100
OTHERS: Final = 20_000
OTHER_TYPE: Final = "aws:sqs/queue:Queue"

CONFIGURATION: Final[dict[str, Any]] = {
    policy: {"enforcementLevel": "advisory"}
    for policy in (
        "elasticache-stack-unique-passwords",
        "elasticache-stack-unique-user-names",
        "elasticache-stack-users-in-groups",
        "elasticache-stack-managed-passwords",
    )
}
"""Every stack policy, as advice, so that each is reported in `up` as well."""


def resources(others: int = OTHERS) -> Iterator[tuple[str, str, dict[str, Any], dict[str, list[str]]]]:
    """Each resource as name, type, properties and property dependencies, always the same."""
    for number in range(USERS):
        name = f"user-{number:04}"
        properties: dict[str, Any] = {
            "userId": name,
            # the second and third user of every tenth group share a name
            "userName": f"twin-{number // 100}" if number % 100 in {1, 2} else name,
            "accessString": "on ~app:* -@all +@string",
            "engine": "valkey",
        }
        dependencies: dict[str, list[str]] = {}
        if number % 50 in {10, 20}:
            # two users in fifty share a password, which is written in the program
            properties["passwords"] = secret([f"shared-password-{number // 50:04}"])
        elif number % 50 == 30:
            properties["passwords"] = secret([f"generated-password-{number:04}"])
            dependencies["passwords"] = [STORE]
        else:
            properties["authenticationMode"] = {"type": "iam"}
        yield name, USER_TYPE, properties, dependencies
    for number in range(GROUPS):
        # every tenth group leaves its last user to an association, and the last group leaves it out altogether
        members = [f"user-{number * 10 + member:04}" for member in range(9 if number % 10 == 9 else 10)]
        yield (
            f"group-{number:03}",
            GROUP_TYPE,
            {"userGroupId": f"group-{number:03}", "engine": "valkey", "userIds": members},
            {},
        )
        if number % 10 == 9 and number != GROUPS - 1:
            last = {"userGroupId": f"group-{number:03}", "userId": f"user-{number * 10 + 9:04}"}
            yield f"member-{number:03}", ASSOCIATION_TYPE, last, {}
    yield (
        "store",
        "random:index/randomPassword:RandomPassword",
        {"result": secret("generated-password-"), "length": 32},
        {},
    )
    for number in range(others):
        yield (
            f"queue-{number:05}",
            OTHER_TYPE,
            {"name": f"queue-{number}", "tags": {"Owner": "shop"}, "delaySeconds": 5},
            {},
        )


def expected() -> set[tuple[str, str]]:
    """What is found: resource name and policy."""
    found: set[tuple[str, str]] = {("user-0999", "elasticache-stack-users-in-groups")}
    for number in range(0, USERS, 50):
        found.add((f"user-{number + 20:04}", "elasticache-stack-unique-passwords"))
        found |= {(f"user-{number + written:04}", "elasticache-stack-managed-passwords") for written in (10, 20)}
    found |= {(f"group-{number:03}", "elasticache-stack-unique-user-names") for number in range(0, GROUPS, 10)}
    return found


def as_request_resources(seed: int) -> list[Resource]:
    """The stack as AnalyzeStack gets it, in an order that depends on the seed."""
    made = [resource(*described) for described in resources()]
    random.Random(seed).shuffle(made)
    return made


def as_export() -> dict[str, Any]:
    """The stack as an export, in which secrets are plain."""
    states: list[dict[str, Any]] = [
        {
            "urn": urn(name, resource_type),
            "custom": True,
            "id": name,
            "type": resource_type,
            "inputs": _plain(properties),
            "outputs": _plain(properties),
            "propertyDependencies": dependencies,
        }
        for name, resource_type, properties, dependencies in resources()
    ]
    random.Random(1).shuffle(states)
    states.sort(key=lambda state: state["type"] != "random:index/randomPassword:RandomPassword")
    manifest = {"time": "2026-01-01T00:00:00Z", "magic": "", "version": ""}
    return {"version": 3, "deployment": {"manifest": manifest, "resources": states}}


def _plain(properties: dict[str, Any]) -> dict[str, Any]:
    """Secrets as the CLI writes them with --show-secrets."""
    return {
        name: {
            "4dabf18193072939515e22adb298388d": value["4dabf18193072939515e22adb298388d"],
            "plaintext": json.dumps(value["value"]),
        }
        if isinstance(value, dict) and "value" in value
        else value
        for name, value in properties.items()
    }
