"""Patterns on URNs, by which configuration names resources.

A URN has four parts: `urn:pulumi:STACK::PROJECT::TYPE::NAME`. A pattern names stack and project in full, since
developers choose the names of resources; it is matched part by part, so a `*` never reaches from one part into another.
"""

import fnmatch
import re
from functools import cache
from typing import Final, NamedTuple

_PARTS: Final = 4
_SEPARATOR: Final = "::"
_STACK_AND_PROJECT: Final = re.compile(r"urn:pulumi:[^*?:]+::[^*?:]+")


class Urn(NamedTuple):
    """The parts of a URN."""

    stack: str
    project: str
    type: str
    name: str

    @classmethod
    def of(cls, urn: str) -> "Urn":
        """Take a URN apart; parts that it lacks are empty. A name may hold `::` itself."""
        parts = [*urn.split(_SEPARATOR, _PARTS - 1), "", "", ""]
        return cls(parts[0].removeprefix("urn:pulumi:"), parts[1], parts[2], parts[3])


def mistake_in_pattern(pattern: str) -> str | None:
    """What is wrong with a pattern, as the end of a sentence; None when nothing is."""
    parts = pattern.split(_SEPARATOR, _PARTS - 1)
    if not _STACK_AND_PROJECT.fullmatch(_SEPARATOR.join(parts[:2])):
        return (
            "does not name stack and project; write urn:pulumi:STACK::PROJECT::TYPE::NAME with these two in full, and "
            "* and ? in TYPE and NAME only"
        )
    if len(parts) < _PARTS and parts[2:] != ["*"]:
        return (
            "does not say which resource; write urn:pulumi:STACK::PROJECT::*::NAME for one name, or "
            "urn:pulumi:STACK::PROJECT::* for the whole stack"
        )
    return None


def matches(pattern: str, urn: str) -> bool:
    """Whether a pattern covers a URN: stack, project, type and name each by its part of the pattern."""
    patterns, parts = pattern.split(_SEPARATOR, _PARTS - 1), urn.split(_SEPARATOR, _PARTS - 1)
    if len(patterns) == _PARTS - 1:
        patterns.append("*")
    return len(patterns) == len(parts) and all(
        _glob(one).match(part) is not None for one, part in zip(patterns, parts, strict=True)
    )


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    """One part of a pattern, with `*` and `?`. fnmatch makes it match in linear time, whatever its stars."""
    return re.compile(fnmatch.translate(pattern.replace("[", "[[]")))
