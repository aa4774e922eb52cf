"""Options: typed, strict, and declared with the policy that has them."""

from typing import Any, NamedTuple, Self

import msgspec


class Mistake(NamedTuple):
    """What is wrong with the options of a policy, beyond their types."""

    text: str
    """One line, which begins with the option's path."""
    path: tuple[str | int, ...]


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The options of a policy, by the names that a configuration file gives them. This one has none."""

    def mistake(self) -> Mistake | None:
        """What is wrong beyond the types; None when nothing is."""
        return None

    def on(self, urn: str) -> Self:  # noqa: ARG002 - most options are the same for every resource
        """The options as they are for one resource."""
        return self


def schema_of(options: type[Options]) -> dict[str, dict[str, Any]]:
    """The JSON schema of each option by its name, nested objects in place, as the Pulumi engine takes it."""
    document = msgspec.json.schema(options)
    definitions = document["$defs"]
    properties = definitions[options.__name__]["properties"]
    return {name: _inlined(schema, definitions) for name, schema in properties.items()}


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(schema, list):
        return [_inlined(element, definitions) for element in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {key: _inlined(value, definitions) for key, value in schema.items() if key != "title"}
