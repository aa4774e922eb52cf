"""Pulumi programs in Python, run in this process by the SDK's own mocks: what they ask the engine for."""

import contextlib
import importlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any
from unittest.mock import patch

import pulumi
from google.protobuf import json_format
from pulumi.runtime import mocks
from pulumi.runtime.proto import resource_pb2

from rulebook.wire import SIGNATURE_KEY
from tests.support.users import MARKER_PASSWORD, USER_TYPE
from tests.support.yaml_programs import Resource, mark_passwords

PROJECT = "shop"


class _Preview(mocks.Mocks):
    """Gives each resource its inputs as outputs, and no id: what AWS would add is not known, as in a preview."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return "", dict(args.inputs)

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], None]:
        raise NotImplementedError(f"{args.token}: programs of the documentation look nothing up")


class RandomPassword(pulumi.CustomResource):
    """The one resource of pulumi_random that the programs make, where that package is not installed."""

    result: pulumi.Output[str]

    def __init__(self, name: str, *, length: int, special: bool) -> None:
        """Ask for a password."""
        inputs = {"length": length, "special": special, "result": None}
        super().__init__("random:index/randomPassword:RandomPassword", name, inputs)


def made_by(program: str, secrets: list[str]) -> list[Resource]:
    """The resources that a program asks for, as the engine sends them to a pack: marked, with their dependencies.

    :param secrets: the names of the secrets that its configuration holds.
    """
    requests: list[resource_pb2.RegisterResourceRequest] = []
    register = mocks.MockMonitor.RegisterResource

    def recorded(monitor: mocks.MockMonitor, request: resource_pb2.RegisterResourceRequest) -> Any:
        requests.append(request)
        return register(monitor, request)  # type: ignore[no-untyped-call]

    pulumi.runtime.set_all_config(
        {f"{PROJECT}:{name}": f"{MARKER_PASSWORD}-{name}" for name in secrets},
        [f"{PROJECT}:{name}" for name in secrets],
    )
    with patch.object(mocks.MockMonitor, "RegisterResource", recorded), _random():
        mocks.set_mocks(_Preview(), project=PROJECT, stack="prod", preview=True)
        code = compile(program, "program of the documentation", "exec")
        pulumi.runtime.test(lambda: exec(code, {}))()  # type: ignore[no-untyped-call]
    return [_resource(request) for request in requests if request.custom]


@contextlib.contextmanager
def _random() -> Iterator[None]:
    """Let programs import pulumi_random. Other modules that they load stay, since packages refer to each other."""
    try:
        importlib.import_module("pulumi_random")
    except ModuleNotFoundError:
        package = ModuleType("pulumi_random")
        package.__dict__["RandomPassword"] = RandomPassword
        sys.modules["pulumi_random"] = package
        yield
        del sys.modules["pulumi_random"]
    else:
        yield


def _resource(request: resource_pb2.RegisterResourceRequest) -> Resource:
    properties = bare(json_format.MessageToDict(request.object))
    if request.type == USER_TYPE:
        mark_passwords(properties)
    dependencies = {
        key: {urn.rpartition("::")[2] for urn in found.urns}
        for key, found in request.propertyDependencies.items()
        if found.urns
    }
    return Resource(request.name, request.type, properties, dependencies)


def bare(value: Any) -> Any:
    """A value without the marks of secrets, at any depth."""
    if isinstance(value, dict):
        return bare(value["value"]) if SIGNATURE_KEY in value else {key: bare(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [bare(inner) for inner in value]
    return value
