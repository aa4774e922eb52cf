"""What the engine sends: requests about single resources and about whole stacks, and a stack's export."""

from collections.abc import Mapping
from typing import Any, Final

from google.protobuf import json_format
from pulumi.runtime import proto

from policies.catalogue import CATALOGUE
from rulebook.wire import SECRET_SIGNATURE, SIGNATURE_KEY

USER_TYPE: Final = "aws:elasticache/user:User"
GROUP_TYPE: Final = "aws:elasticache/userGroup:UserGroup"
BUCKET_TYPE: Final = "aws:s3/bucket:Bucket"

USERS_IN_100: Final = 1
_USERS_A_GROUP: Final = 10

BUCKET: Final[Mapping[str, Any]] = {
    f"property{number}": {"rules": [number, True, "some text"]} if number % 3 == 0 else f"value {number}"
    for number in range(30)
}

GOOD_USER: Final[Mapping[str, Any]] = {
    "userId": "app",
    "userName": "app",
    "accessString": "on ~app:* -@all +@read +@write +@connection -@keyspace -@dangerous -@scripting +del +expire "
    "-client|tracking",
    "engine": "valkey",
    "authenticationMode": {"type": "iam"},
    "tags": {"owner": "team"},
}

GUIDE_USER: Final[Mapping[str, Any]] = {
    "userId": "testUserId",
    "userName": "testUserName",
    "accessString": "on ~* +@all",
    "engine": "redis",
    "authenticationMode": {
        "type": "password",
        "passwords": {SIGNATURE_KEY: SECRET_SIGNATURE, "value": ["made-up-for-measuring-1", "made-up-for-measuring-2"]},
    },
}
"""Breaks most rules at once: the dearest kind of user, since every finding is written and sent."""


def configuration() -> proto.ConfigureAnalyzerRequest:
    """Every policy enabled, those too that are not by default."""
    request = proto.ConfigureAnalyzerRequest()
    for policy in CATALOGUE:
        request.policyConfig[policy.id].enforcementLevel = proto.MANDATORY
    json_format.ParseDict({"tags": ["owner"]}, request.policyConfig["elasticache-user-required-tags"].properties)
    return request


def urn(resource_type: str, name: str) -> str:
    """The URN of a resource of the made-up stack."""
    return f"urn:pulumi:prod::shop::{resource_type}::{name}"


def resource(properties: Mapping[str, Any], resource_type: str) -> proto.AnalyzeRequest:
    """What the engine asks about one resource."""
    request = proto.AnalyzeRequest(type=resource_type, urn=urn(resource_type, "subject"), name="subject")
    json_format.ParseDict(dict(properties), request.properties)
    return request


def user_with(access_string: str) -> proto.AnalyzeRequest:
    """What the engine asks about a user with an access string."""
    return resource({**GOOD_USER, "accessString": access_string}, USER_TYPE)


def stack(size: int) -> proto.AnalyzeStackRequest:
    """A stack of so many resources: one in a hundred is a user, ten users share a group, the rest are buckets."""
    users = max(1, size * USERS_IN_100 // 100)
    found = [_user(number) for number in range(users)]
    found += [_group(first, users) for first in range(0, users, _USERS_A_GROUP)]
    request = proto.AnalyzeStackRequest(resources=found)
    bucket = _analyzed(BUCKET_TYPE, "bucket", BUCKET)
    for number in range(size - len(found)):
        bucket.urn, bucket.name = urn(BUCKET_TYPE, f"bucket-{number}"), f"bucket-{number}"
        request.resources.append(bucket)
    return request


def _user(number: int) -> proto.AnalyzerResource:
    name = f"user-{number}"
    return _analyzed(USER_TYPE, name, {**GOOD_USER, "userId": name, "userName": name})


def _group(first: int, users: int) -> proto.AnalyzerResource:
    members = [f"user-{number}" for number in range(first, min(first + _USERS_A_GROUP, users))]
    return _analyzed(GROUP_TYPE, f"group-{first}", {"userGroupId": f"group-{first}", "userIds": members})


def _analyzed(resource_type: str, name: str, outputs: Mapping[str, Any]) -> proto.AnalyzerResource:
    made = proto.AnalyzerResource(type=resource_type, urn=urn(resource_type, name), name=name)
    json_format.ParseDict(dict(outputs), made.properties)
    return made


def export(size: int) -> dict[str, Any]:
    """The same stack as `pulumi stack export` writes it."""
    moment = "2026-01-01T00:00:00Z"
    root = urn("pulumi:pulumi:Stack", "shop-prod")
    resources: list[dict[str, Any]] = [{"urn": root, "type": "pulumi:pulumi:Stack", "custom": False}]
    for found in stack(size).resources:
        properties = json_format.MessageToDict(found.properties)
        resources.append(
            {
                "urn": found.urn,
                "type": found.type,
                "custom": True,
                "id": found.name,
                "parent": root,
                "inputs": properties,
                "outputs": properties,
            }
        )
    manifest = {"time": moment, "magic": "", "version": "v3.259.0"}
    return {"version": 3, "deployment": {"manifest": manifest, "resources": resources}}
