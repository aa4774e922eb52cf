"""`python -m audit compare`: what a new access string allows that an old one does not, and the other way round."""

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from acl.access_string import AccessString, parse
from acl.comparison import Comparison, Difference, compare
from acl.hiding import echo
from audit.output import complain, harmless
from elasticache.service import refused_words, tables_for
from rulebook.comparison_wording import in_words

EXIT_NO_NEW_ACCESS, EXIT_NEW_ACCESS, EXIT_UNDECIDED = 0, 1, 2
_RELATIONS: Final = {
    "equal": "NEW allows exactly what OLD allows.",
    "narrower": "NEW is narrower than OLD: it allows nothing that OLD does not.",
    "wider": "NEW is wider than OLD: it allows all that OLD does, and more.",
    "different": "NEW allows some of what OLD does not, and OLD some of what NEW does not.",
    "undecided": "Whether NEW allows something that OLD does not could not be decided in full.",
}


class OnLine(NamedTuple):
    """The comparison on one server line."""

    title: str
    comparison: Comparison


def run(arguments: argparse.Namespace) -> int:
    """Compare two strings and print the difference.

    :returns: 0 where NEW allows nothing new, 1 where it does, 2 where that is undecided or a string is refused.
    """
    tables = tables_for(arguments.engine)
    pairs = [(parse(arguments.old, table), parse(arguments.new, table)) for table in tables]
    refusals = [*refused(pairs[0])]
    for refusal in refusals:
        complain(refusal)
    if refusals:
        return EXIT_UNDECIDED
    accepted = [pair for pair in pairs if all(access.valid for access in pair)]
    found = [OnLine(old.table.line.title, compare(old, new)) for old, new in accepted]
    if arguments.format == "json":
        print(json.dumps(document(arguments.old, arguments.new, arguments.engine, found), indent=2))
    else:
        print("\n".join(map(harmless, lines(found))))
    return exit_code([one.comparison for one in found])


def refused(pair: tuple[AccessString, AccessString]) -> Iterator[str]:
    """Why a string cannot be compared: a server, or ElastiCache, refuses it."""
    for name, access in zip(("OLD", "NEW"), pair, strict=True):
        if not access.valid:
            yield f"{name} is refused by {access.table.line.title}: {access.rejections[0]}"
        elif words := refused_words(access):
            yield f"{name} is refused by ElastiCache: {words[0]} may not stand in an access string"


def exit_code(comparisons: Sequence[Comparison]) -> int:
    """New access counts before what is undecided; switching a user on is new access."""
    if any(one.gained or (one.enabled.new and not one.enabled.old) for one in comparisons):
        return EXIT_NEW_ACCESS
    return EXIT_UNDECIDED if any(undecided.gained for one in comparisons for undecided in one.undecided) else 0


def document(old: str, new: str, engine: str, found: Sequence[OnLine]) -> dict[str, Any]:
    """The answer as JSON: one object, whose keys programs rely on. The user's own engine counts, then the others."""
    own = found[0]
    return {
        "old": echo(old),
        "new": echo(new),
        "engine": engine,
        **_compared(own),
        "other_lines": [_compared(one) for one in found[1:]],
    }


def _compared(one: OnLine) -> dict[str, Any]:
    comparison = one.comparison
    return {
        "line": one.title,
        "relation": comparison.relation,
        "enabled": {"old": comparison.enabled.old, "new": comparison.enabled.new},
        "gained": [difference_document(difference) for difference in comparison.gained],
        "lost": [difference_document(difference) for difference in comparison.lost],
        "undecided": [
            {"side": "new" if undecided.gained else "old", "commands": [*undecided.commands], "says": undecided.says}
            for undecided in comparison.undecided
        ],
    }


def difference_document(difference: Difference) -> dict[str, Any]:
    """One difference as JSON."""
    return {
        "call": [word.decode("utf-8", "backslashreplace") for word in difference.call],
        "database": difference.database,
        "says": difference.says,
        "capability": difference.capability,
        "commands": [*difference.commands],
    }


def lines(found: Sequence[OnLine]) -> Iterator[str]:
    """The answer for people; a further server line is shown where it differs."""
    own, *others = found
    yield from _lines(own)
    for other in others:
        if _said(other) != _said(own):
            yield ""
            yield from _lines(other)


def _said(one: OnLine) -> tuple[object, ...]:
    comparison = one.comparison
    return (
        comparison.relation,
        [difference.says for difference in comparison.gained],
        [difference.says for difference in comparison.lost],
    )


def _lines(one: OnLine) -> Iterator[str]:
    comparison = one.comparison
    yield f"On {one.title}: {_RELATIONS[comparison.relation]}"
    if comparison.enabled.old != comparison.enabled.new:
        yield f"NEW switches the user {'on' if comparison.enabled.new else 'off'}."
    for title, differences in (("NEW also allows:", comparison.gained), ("NEW no longer allows:", comparison.lost)):
        if differences:
            yield title
            yield from (f"  - {in_words(difference)}" for difference in differences)
    for undecided in comparison.undecided:
        yield f"Undecided: {undecided.says}."
