"""The resources of a source as policies judge them."""

from collections.abc import Iterator, Mapping, Sequence

from audit.sources.export import Resource
from elasticache.stack import Stack, StackResource
from rulebook.subjects import READERS, subject_of
from rulebook.wire import decode


class Decoded(Mapping[str, object]):
    """Properties that are decoded when a rule reads them."""

    def __init__(self, properties: Mapping[str, object]) -> None:
        self._properties = properties

    def __getitem__(self, name: str) -> object:
        return decode(self._properties[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._properties)

    def __len__(self) -> int:
        return len(self._properties)


def stack_of(resources: Sequence[Resource]) -> Stack:
    """The users and groups among resources, by their outputs."""
    outputs = {resource.urn: Decoded(resource.outputs) for resource in resources}
    return Stack(
        (
            StackResource(resource.urn, subject, resource.dependencies)
            for resource in resources
            if resource.type in READERS and (subject := subject_of(resource.type, outputs[resource.urn])) is not None
        ),
        outputs.get,
    )
