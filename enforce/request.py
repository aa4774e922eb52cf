"""The resources of the engine's requests, converted only as far as a rule asks."""

from collections.abc import Iterator, Mapping

from google.protobuf import struct_pb2
from pulumi.runtime import proto

from elasticache.stack import Stack, StackResource
from rulebook.subjects import READERS, subject_of
from rulebook.wire import SIGNATURE_KEY, decode


class RequestProperties(Mapping[str, object]):
    """A view of a request's properties that converts each of them when it is first read."""

    def __init__(self, properties: struct_pb2.Struct) -> None:
        self._fields = properties.fields
        self._read: dict[str, object] = {}

    def __getitem__(self, name: str) -> object:
        if name not in self._read:
            if name not in self._fields:
                raise KeyError(name)
            self._read[name] = decode(_plain(self._fields[name]))
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        """No value of any property."""
        return "RequestProperties(…)"


def _plain(value: struct_pb2.Value) -> object:
    kind = value.WhichOneof("kind")
    if kind is None or kind == "null_value":
        return None
    if kind == "struct_value":
        return {name: _plain(field) for name, field in value.struct_value.fields.items()}
    if kind == "list_value":
        return [_plain(element) for element in value.list_value.values]
    return getattr(value, kind)


def replace_text(value: struct_pb2.Value, text: str) -> None:
    """Write a string in place of another; a secret mark around it stays."""
    while value.WhichOneof("kind") == "struct_value" and SIGNATURE_KEY in value.struct_value.fields:
        value = value.struct_value.fields["value"]
    value.string_value = text


def stack_of(request: proto.AnalyzeStackRequest) -> Stack:
    """What stack policies judge. Other resources are looked up only where a rule follows a dependency to them."""
    by_urn: dict[str, proto.AnalyzerResource] = {}

    def outputs_of(urn: str) -> Mapping[str, object] | None:
        if not by_urn:
            by_urn.update((resource.urn, resource) for resource in request.resources)
        found = by_urn.get(urn)
        return None if found is None else RequestProperties(found.properties)

    return Stack(
        (
            StackResource(
                resource.urn,
                subject,
                {name: tuple(sources.urns) for name, sources in resource.propertyDependencies.items()},
            )
            for resource in request.resources
            if resource.type in READERS
            and (subject := subject_of(resource.type, RequestProperties(resource.properties))) is not None
        ),
        outputs_of,
    )
