"""The stack, straight from the engine's request: only what stack policies look at is converted."""

from collections.abc import Mapping

from pulumi.runtime import proto

from elasticache.stack import Deployment, StackResource
from enforce.properties import RequestProperties
from rulebook.wire import ASSOCIATION_TYPES, GROUP_TYPES, USER_TYPES

_WANTED = USER_TYPES | GROUP_TYPES | ASSOCIATION_TYPES


def deployment_of(request: proto.AnalyzeStackRequest) -> Deployment:
    """The users and groups of a stack. Other resources are looked up only where a rule follows a dependency to them."""
    by_urn: dict[str, proto.AnalyzerResource] = {}

    def outputs_of(urn: str) -> Mapping[str, object] | None:
        if not by_urn:
            by_urn.update((resource.urn, resource) for resource in request.resources)
        found = by_urn.get(urn)
        return None if found is None else RequestProperties(found.properties)

    return Deployment(
        [
            StackResource(
                resource.urn,
                resource.type,
                RequestProperties(resource.properties),
                {name: tuple(told.urns) for name, told in resource.propertyDependencies.items()},
            )
            for resource in request.resources
            if resource.type in _WANTED
        ],
        outputs_of,
    )
