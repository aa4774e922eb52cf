"""Stand-in for a Pulumi provider plugin, run by the real engine: `provider.py PACKAGE`, one of `aws` and `random`.

It creates nothing anywhere. What it does as the real plugins do is what a policy can notice: Check marks passwords as
secrets, a preview leaves computed outputs unknown, new names replace a user, and the state spells some values in its
own way. Source of that behaviour: the Terraform resources `aws_elasticache_user` and `random_password`.
"""

import contextlib
import json
import secrets
import string
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent import futures
from importlib import metadata
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderServicer, add_ResourceProviderServicer_to_server

# Properties as the wire has them: JSON values, with marks inside.
Properties = dict[str, Any]

_USER = "aws:elasticache/user:User"
_RANDOM_PASSWORD = "random:index/randomPassword:RandomPassword"

# Marks of the wire protocol: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/properties.go
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

_REGION = "eu-west-1"
_ACCOUNT = "123456789012"
_LONGEST_MESSAGE = 400 * 1024 * 1024

# Inputs that cannot be changed in place; every other change is an update.
_REPLACING = {_USER: ("userId", "userName"), _RANDOM_PASSWORD: ("length", "keepers")}
_SECRET_USER_INPUTS = ("passwords", "passwordsWo")


class Provider(ResourceProviderServicer):
    """Serves every resource of one package: outputs are the inputs and what the real service would add."""

    def __init__(self, package: str) -> None:
        """Remember the package, the first part of all type tokens that are served."""
        self._package = package

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        del request, context
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=True, accept_outputs=False)

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        del request, context
        return plugin_pb2.PluginInfo(version=_version(self._package))

    def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: grpc.ServicerContext
    ) -> provider_pb2.GetSchemaResponse:
        del request, context
        return provider_pb2.GetSchemaResponse(schema=json.dumps(_schema(self._package)))

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        del context
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        del request, context
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        del request, context
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, acceptResources=True, acceptOutputs=False
        )

    def Invoke(self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext) -> provider_pb2.InvokeResponse:
        del context
        response = provider_pb2.InvokeResponse()
        answer: struct_pb2.Struct = getattr(response, "return")
        answer.CopyFrom(request.args)
        return response

    def Check(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        del context
        inputs = _read(request.news)
        if _type(request.urn) == _USER:
            _mark_passwords(inputs)
        return provider_pb2.CheckResponse(inputs=_written(inputs))

    def Diff(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        del context
        old, new = _read(request.old_inputs), _read(request.news)
        changed = sorted(
            name
            for name in (old.keys() | new.keys()) - set(request.ignoreChanges)
            if _bare(old.get(name)) != _bare(new.get(name))
        )
        kind = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        replacing = [name for name in _REPLACING.get(_type(request.urn), ()) if name in changed]
        return provider_pb2.DiffResponse(changes=kind, diffs=changed, replaces=replacing)

    def Create(self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> provider_pb2.CreateResponse:
        del context
        kind, inputs = _type(request.urn), _read(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=_written(inputs | _computed_unknown(kind, inputs)))
        identity = _identity(kind, inputs)
        outputs = inputs | _computed(kind, inputs, identity)
        return provider_pb2.CreateResponse(id=identity, properties=_written(outputs))

    def Update(self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext) -> provider_pb2.UpdateResponse:
        del context
        kind, inputs = _type(request.urn), _read(request.news)
        return provider_pb2.UpdateResponse(properties=_written(inputs | _computed(kind, inputs, request.id)))

    def Read(self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:
        del context
        kind, state = _type(request.urn), _read(request.properties)
        if kind == _USER and not state:
            # Somebody else's user: what ElastiCache says of it, which is never a password.
            state = {"accessString": "on ~* +@all", "engine": "redis", "userId": request.id, "userName": request.id}
            state |= _computed(kind, {**state, "noPasswordRequired": True}, request.id)
        return provider_pb2.ReadResponse(id=request.id, properties=_written(state), inputs=request.inputs)

    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        del request, context
        return empty_pb2.Empty()

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        del request, context
        return empty_pb2.Empty()


def _version(package: str) -> str:
    """Return the version of the package's library, since the engine warns of plugins that are older than that."""
    try:
        return metadata.version(f"pulumi-{package}")
    except metadata.PackageNotFoundError:
        return "0.0.1"


def _schema(package: str) -> Properties:
    """As much of the real package's schema as the language host for YAML needs: tokens, inputs, and outputs."""
    kept = json.loads(Path(__file__).with_name("schema.json").read_text(encoding="utf-8"))[package]
    resources = {
        token: {**resource, "properties": {**resource["inputProperties"], **resource.pop("outputs")}}
        for token, resource in kept["resources"].items()
    }
    return {"name": package, "version": _version(package), "types": kept["types"], "resources": resources}


def _read(message: struct_pb2.Struct) -> Properties:
    return json_format.MessageToDict(message)


def _written(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict(dict(properties), struct_pb2.Struct())


def _type(urn: str) -> str:
    """Take the resource's type out of `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`."""
    return urn.split("::")[2].rpartition("$")[2]


def _is_secret(value: object) -> bool:
    return isinstance(value, dict) and value.get(_SIGNATURE) == _SECRET


def _secret(value: object) -> object:
    return value if _is_secret(value) else {_SIGNATURE: _SECRET, "value": value}


def _bare(value: Any) -> Any:
    """Take the secret marks off a value, at any depth."""
    if _is_secret(value):
        return _bare(value["value"])
    if isinstance(value, dict):
        return {key: _bare(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_bare(inner) for inner in value]
    return value


def _mark_passwords(inputs: Properties) -> None:
    for name in _SECRET_USER_INPUTS:
        if name in inputs:
            inputs[name] = _secret(inputs[name])
    mode = inputs.get("authenticationMode")
    if isinstance(mode, dict) and not _is_secret(mode) and "passwords" in mode:
        mode["passwords"] = _secret(mode["passwords"])


def _identity(kind: str, inputs: Mapping[str, Any]) -> str:
    """Name a new resource: ElastiCache keeps ids in lower case, whatever the program wrote."""
    if kind == _RANDOM_PASSWORD:
        return "none"
    wanted = _bare(inputs.get("userId")) if kind == _USER else None
    return wanted.lower() if isinstance(wanted, str) and wanted else f"id-{secrets.token_hex(6)}"


def _computed(kind: str, inputs: Mapping[str, Any], identity: str) -> Properties:
    """Return the outputs that the service adds to the inputs of a resource that exists."""
    if kind == _RANDOM_PASSWORD:
        length = inputs.get("length")
        characters = int(length) if isinstance(length, float) else 16
        alphabet = string.ascii_letters + string.digits
        return {"result": _secret("".join(secrets.choice(alphabet) for _ in range(characters)))}
    service, _, resource = kind.split(":")[1].partition("/")
    outputs: Properties = {
        "arn": f"arn:aws:{service}:{_REGION}:{_ACCOUNT}:{resource.lower()}:{identity}",
        "tagsAll": inputs.get("tags") or {},
    }
    if kind == _USER:
        outputs |= {"userId": identity, "authenticationMode": _mode_in_the_state(inputs)}
        outputs["region"] = inputs.get("region") or _REGION
    return outputs


def _computed_unknown(kind: str, inputs: Mapping[str, Any]) -> Properties:
    """Return the same outputs for a preview, in which nothing exists yet."""
    if kind == _RANDOM_PASSWORD:
        return {"result": _secret(_UNKNOWN)}
    names = ["arn", "tagsAll"]
    if kind == _USER and "authenticationMode" not in inputs:
        names.append("authenticationMode")
    return dict.fromkeys(names, _UNKNOWN)


def _mode_in_the_state(inputs: Mapping[str, Any]) -> object:
    mode = inputs.get("authenticationMode")
    if mode is not None and not isinstance(_bare(mode), dict):
        return mode
    if _is_secret(mode):
        return mode
    written = mode or {}
    passwords = _bare(written.get("passwords")) or _bare(inputs.get("passwords")) or []
    if _bare(inputs.get("passwordsWo")) is not None:
        passwords = [None]  # AWS counts it like any other, and the state keeps the count alone.
    spelling = {"no-password-required": "no-password"}
    kind = written.get("type") or ("password" if passwords else "no-password")
    kind = spelling.get(kind, kind) if isinstance(kind, str) else kind
    return {**written, "type": kind, "passwordCount": len(passwords) if isinstance(passwords, list) else 0}


def serve(package: str, announce: Callable[[int], None]) -> None:
    """Serve one package on a free port of the loopback address, which is announced, until the process is ended."""
    limits = [("grpc.max_receive_message_length", _LONGEST_MESSAGE), ("grpc.max_send_message_length", _LONGEST_MESSAGE)]
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4), options=limits)
    add_ResourceProviderServicer_to_server(Provider(package), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    announce(port)
    with contextlib.suppress(KeyboardInterrupt):  # how the engine ends a plugin
        threading.Event().wait()
    server.stop(grace=0)


def _print_port(port: int) -> None:
    """Write the first line that the engine waits for."""
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve(sys.argv[1], _print_port)
