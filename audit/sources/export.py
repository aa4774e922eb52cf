"""Reads the resources of what Pulumi writes: stack exports and previews in JSON."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

STANDARD_INPUT = "-"


class InputError(Exception):
    """The file cannot be audited; the text names it, says what is wrong and what to give instead."""


class Resource(NamedTuple):
    """One resource as the state holds it."""

    urn: str
    type: str
    inputs: Mapping[str, object]
    """By which user and group policies judge."""
    outputs: Mapping[str, object]
    """By which stack policies judge; in a preview, where what is created has none yet, its inputs."""
    dependencies: Mapping[str, Sequence[str]]
    """Property name to the URNs of what its value comes from."""


def files_of(path: str) -> list[str]:
    """The files that a path stands for: itself, or the JSON files of a folder in the order of their names.

    :raises InputError: it is a folder that holds none.
    """
    if path == STANDARD_INPUT or not Path(path).is_dir():
        return [path]
    files = [str(found) for found in sorted(Path(path).glob("*.json"))]
    if not files:
        raise InputError(f"{path}: a folder without .json files; {_WANTED}")
    return files


def read(path: str) -> tuple[Resource, ...]:
    """The resources of one file, in its order, each URN once.

    What an interrupted replacement left behind to be deleted is passed over. Where a URN stands twice, as in previews
    that replace a resource, the last state counts.

    :param path: a stack export (`pulumi stack export`), a `pulumi preview --json` file, or "-" for standard input.
    :raises InputError: the file cannot be read, or is neither.
    """
    name, document = _document(path)
    states = _states(document)
    if states is None:
        raise InputError(f"{name}: neither a stack export nor a preview; {_WANTED}")
    return _resources(states)


def read_change(path: str) -> tuple[tuple[Resource, ...], tuple[Resource, ...]]:
    """The resources of a preview, as they are and as they will be.

    :param path: a `pulumi preview --json` file, or "-" for standard input.
    :raises InputError: the file cannot be read, or is no preview.
    """
    name, document = _document(path)
    steps = document.get("steps") if isinstance(document, Mapping) else None
    if not isinstance(steps, list):
        raise InputError(f"{name}: not a preview; give two stack exports, or one preview (pulumi preview --json)")
    known = [step for step in steps if isinstance(step, Mapping)]
    return _resources([step.get("oldState") for step in known]), _resources([step.get("newState") for step in known])


def _document(path: str) -> tuple[str, object]:
    """What a file is called, and the JSON in it."""
    name = "standard input" if path == STANDARD_INPUT else path
    try:
        text = sys.stdin.buffer.read() if path == STANDARD_INPUT else Path(path).read_bytes()
    except OSError as failure:
        raise InputError(f"{name}: {(failure.strerror or 'cannot be read').lower()}") from failure
    try:
        return name, json.loads(text)
    except (ValueError, RecursionError) as failure:
        where = f" (line {failure.lineno}, column {failure.colno})" if isinstance(failure, json.JSONDecodeError) else ""
        raise InputError(f"{name}: not JSON{where}; {_WANTED}") from None


def _resources(states: Sequence[object]) -> tuple[Resource, ...]:
    found = [_resource(state) for state in states if isinstance(state, Mapping) and state.get("delete") is not True]
    return tuple({resource.urn or position: resource for position, resource in enumerate(found)}.values())


_WANTED = "give a stack export (pulumi stack export --file FILE) or a preview (pulumi preview --json)"


def _states(document: object) -> list[object] | None:
    """The states of the resources that a document holds; None when it is not a document of Pulumi's."""
    if not isinstance(document, Mapping):
        return None
    deployment = document.get("deployment")
    if isinstance(deployment, Mapping):
        resources = deployment.get("resources")
        return [] if resources is None else resources if isinstance(resources, list) else None
    steps = document.get("steps")
    if isinstance(steps, list):
        return [step.get("newState") for step in steps if isinstance(step, Mapping)]
    return None


def _resource(state: Mapping[str, object]) -> Resource:
    inputs = _object(state.get("inputs"))
    return Resource(
        urn=str(state.get("urn", "")),
        type=str(state.get("type", "")),
        inputs=inputs,
        outputs=_object(state.get("outputs")) or inputs,
        dependencies={
            name: [urn for urn in urns if isinstance(urn, str)]
            for name, urns in _object(state.get("propertyDependencies")).items()
            if isinstance(urns, list)
        },
    )


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
