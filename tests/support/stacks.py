"""Stacks as the engine hands them over: protobuf resources with outputs and property dependencies, in any order."""

import random
from collections.abc import Mapping, Sequence
from typing import Any, Final
from unittest.mock import Mock

from google.protobuf import json_format
from pulumi.runtime import proto

from tests.support.users import MARKER_PASSWORD, USER_TYPE, Answer, changed, configured_all, sorted_answer

GROUP_TYPE: Final = "aws:elasticache/userGroup:UserGroup"
ASSOCIATION_TYPE: Final = "aws:elasticache/userGroupAssociation:UserGroupAssociation"

Resource = proto.AnalyzerResource


def urn(name: str, resource_type: str = USER_TYPE) -> str:
    """The URN of a resource of the stack."""
    return f"urn:pulumi:dev::shop::{resource_type}::{name}"


def resource(
    name: str,
    resource_type: str,
    outputs: Mapping[str, object],
    dependencies: Mapping[str, Sequence[str]] | None = None,
) -> Resource:
    """One resource with its outputs, and the URNs that its properties come from."""
    made = Resource(type=resource_type, urn=urn(name, resource_type), name=name)
    json_format.ParseDict(dict(outputs), made.properties)
    for property_name, urns in (dependencies or {}).items():
        made.propertyDependencies[property_name].urns.extend(urns)
    return made


def user(name: str, dependencies: Mapping[str, Sequence[str]] | None = None, **changes: object) -> Resource:
    """The good user under another name, with some outputs changed."""
    return resource(name, USER_TYPE, changed(**{"userId": name, "userName": name, **changes}), dependencies)


def group(
    name: str, user_ids: object, dependencies: Mapping[str, Sequence[str]] | None = None, **changes: object
) -> Resource:
    """A group that holds users."""
    outputs = {"userGroupId": name, "engine": "valkey", "userIds": user_ids, **changes}
    return resource(name, GROUP_TYPE, outputs, dependencies)


def association(
    name: str, group_id: object, user_id: object, dependencies: Mapping[str, Sequence[str]] | None = None
) -> Resource:
    """A membership as a resource of its own."""
    return resource(name, ASSOCIATION_TYPE, {"userGroupId": group_id, "userId": user_id}, dependencies)


def secret_store(name: str, **outputs: object) -> Resource:
    """A resource that keeps or generates a secret."""
    return resource(name, "random:index/randomPassword:RandomPassword", outputs)


STORE: Final = urn("store", "random:index/randomPassword:RandomPassword")


def analyze_stack(
    *resources: Resource, configuration: Mapping[str, Mapping[str, Any]] | None = None, seed: int = 0
) -> Answer:
    """Judge a stack whose resources come in an order of their own, and sort the answer."""
    shuffled = [*resources]
    random.Random(seed).shuffle(shuffled)
    request = proto.AnalyzeStackRequest(resources=shuffled)
    answer = sorted_answer(configured_all(configuration or {}).AnalyzeStack(request, Mock()))
    assert MARKER_PASSWORD not in str(answer.response)
    return answer


def blamed(answer: Answer, policy: str) -> list[str]:
    """The names of the resources on which a policy found something, in the order of its reports."""
    return [
        reported.urn.rpartition("::")[2] for reported in answer.response.diagnostics if reported.policyName == policy
    ]
