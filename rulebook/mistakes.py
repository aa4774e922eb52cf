"""What is wrong with an option, in words for whoever wrote it: the path, what must stand there, and an example."""

import re
from collections.abc import Mapping
from typing import Any, Final

from rulebook import wording

Path = tuple[str | int, ...]

_FAILURE: Final = re.compile(r"(?P<what>.*) - at `\$(?P<where>.*)`", re.DOTALL)
_STEP: Final = re.compile(r"\.([A-Za-z]\w*)|\[(\d+)\]")
_FIELD: Final = re.compile(r"Object (?P<kind>missing required|contains unknown) field `(?P<name>.*)`", re.DOTALL)
_DATE: Final = "2027-03-31"


def explained(failure: str, schema: Mapping[str, Any], values: Mapping[str, object]) -> tuple[str, Path]:
    """Say what went wrong while options were read.

    :param failure: the message of a `msgspec.ValidationError`.
    :param schema: the JSON schema of each option, from `schema_of`.
    :param values: what was read; what stands at the place of the mistake is named.
    :returns: the sentence, which begins with the option's path, and that path.
    """
    found = _FAILURE.fullmatch(failure)
    if found is None:
        return failure, ()
    path = tuple(name or int(position) for name, position in _STEP.findall(found["where"]))
    wanted, value = _at(path, {"type": "object", "properties": schema}, values)
    written = found["where"].removeprefix(".")
    if field := _FIELD.fullmatch(found["what"]):
        fields: Mapping[str, Any] = wanted.get("properties", {})
        if field["kind"] == "missing required":
            return f"{written} lacks {field['name']}: write {_example(field['name'], fields[field['name']])}", path
        name = field["name"]
        hint = wording.nearest(name, fields)
        return f"{written} has no field {wording.quoted(name)}: its fields are {', '.join(fields)}{hint}", (*path, name)
    return f"{written} must be {_wanted(written, wanted)}, not {_named(value)}{_meant(value, wanted)}", path


def _at(path: Path, schema: Mapping[str, Any], value: Any) -> tuple[Mapping[str, Any], Any]:  # noqa: ANN401 - JSON
    """The schema and the value at a path."""
    for step in path:
        schema = schema["items"] if isinstance(step, int) else schema["properties"][step]
        value = value[step]
    return schema, value


def _wanted(written: str, schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return wording.listed([wording.quoted(name) for name in schema["enum"]], "or")
    if schema.get("format") == "date":
        return f'a date, such as "{_DATE}"'
    match schema.get("type"):
        case "array":
            least = " with at least one entry" if schema.get("minItems") else ""
            return f"a list{least}, such as {_example(written.rpartition('.')[2], schema)}"
        case "object":
            return f"an object with {', '.join(schema['properties'])}"
        case _:
            return "a text that is not empty" if schema.get("minLength") else "a text"


def _example(name: str, schema: Mapping[str, Any]) -> str:
    """A value that would do, as a configuration file writes it."""
    if schema.get("type") == "array":
        first = schema["items"]
        inner = first["enum"][0] if "enum" in first else "…"
        return f'"{name}": [{{…}}]' if first.get("type") == "object" else f'"{name}": ["{inner}"]'
    return f'"{name}": "{_DATE if schema.get("format") == "date" else "…"}"'


def _named(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return wording.quoted(value) if value.strip() else "an empty text"
        case int() | float():
            return f"the number {int(value) if value == int(value) else value}"
        case list() | tuple():
            return "a list" if value else "an empty list"
        case _:
            return "an object"


def _meant(value: object, schema: Mapping[str, Any]) -> str:
    return wording.nearest(value, schema["enum"]) if "enum" in schema and isinstance(value, str) else ""
