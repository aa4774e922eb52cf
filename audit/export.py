"""Reads the resources of what Pulumi writes: stack exports and previews in JSON."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

STANDARD_INPUT = "-"


class InputError(Exception):
    """The file cannot be audited; the text names it, says what is wrong and what to give instead."""


class Resource(NamedTuple):
    """One resource with its inputs, by which user policies judge."""

    urn: str
    type: str
    inputs: Mapping[str, object]


def read(path: str) -> tuple[Resource, ...]:
    """The resources of one file, in its order.

    :param path: a stack export (`pulumi stack export`), a `pulumi preview --json` file, or "-" for standard input.
    :raises InputError: the file cannot be read, or is neither.
    """
    name = "standard input" if path == STANDARD_INPUT else path
    try:
        text = sys.stdin.buffer.read() if path == STANDARD_INPUT else Path(path).read_bytes()
    except OSError as failure:
        raise InputError(f"{name}: {(failure.strerror or 'cannot be read').lower()}") from failure
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as failure:
        where = f" (line {failure.lineno}, column {failure.colno})" if isinstance(failure, json.JSONDecodeError) else ""
        raise InputError(f"{name}: not JSON{where}; {_WANTED}") from None
    return tuple(_resources(name, document))


_WANTED = "give a stack export (pulumi stack export --file FILE) or a preview (pulumi preview --json)"


def _resources(name: str, document: object) -> Iterator[Resource]:
    if isinstance(document, Mapping):
        deployment = document.get("deployment")
        if isinstance(deployment, Mapping):
            resources = deployment.get("resources") or []
            if isinstance(resources, list):
                yield from (made for found in resources if (made := _resource(found)) is not None)
                return
        steps = document.get("steps")
        if isinstance(steps, list):
            states = (step.get("newState") for step in steps if isinstance(step, Mapping))
            yield from (made for found in states if (made := _resource(found)) is not None)
            return
    raise InputError(f"{name}: neither a stack export nor a preview; {_WANTED}")


def _resource(found: object) -> Resource | None:
    if not isinstance(found, Mapping):
        return None
    inputs = found.get("inputs")
    return Resource(
        str(found.get("urn", "")), str(found.get("type", "")), inputs if isinstance(inputs, Mapping) else {}
    )
