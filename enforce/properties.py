"""The properties of a resource, straight from the engine's request.

Nothing is converted before a rule asks for it.
"""

from collections.abc import Iterator, Mapping

from google.protobuf import struct_pb2

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
