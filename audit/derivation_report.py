"""How the answer of `audit derive` is written: as text and as JSON."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from acl.clients import Client
from acl.commands import CommandTable, typed
from acl.comparison import Comparison, Difference
from acl.derivation.blind_spots import left_out, not_seen
from acl.derivation.narrowest import NameRule, Narrowest
from acl.derivation.selection import MOST_DAMAGED_NAMED, Tally
from acl.derivation.use import Use
from acl.hiding import printable
from elasticache.service import BLOCKED_BY_ELASTICACHE

_MOST_COMMANDS: Final = 6
BLOCKED: Final = dict.fromkeys(BLOCKED_BY_ELASTICACHE, "ElastiCache")
"""Commands that are not granted, since ElastiCache refuses strings that name them."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file and what it held."""

    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Answer:
    """A string for one application, and what it rests on."""

    addresses: tuple[str, ...]
    """Of the clients that it is for; none where clients were not kept apart."""
    use: Use
    derived: Narrowest
    compared: Comparison | None


def as_json(
    table: CommandTable, sources: Sequence[Source], tally: Tally, answers: Sequence[Answer], *, by_client: bool
) -> str:
    """The answers as one JSON object, whose keys programs rely on.

    :param by_client: clients were kept apart; else there is one answer.
    """
    documents = [_document(table, tally, answer) for answer in answers]
    files = [
        {
            "file": source.name,
            "calls": source.tally.calls,
            "counts": source.tally.counts,
            "refusals": source.tally.refusals,
            "damaged": source.tally.damaged,
            "damaged_lines": source.tally.damaged_lines,
            "deselected": source.tally.deselected,
        }
        for source in sources
    ]
    if by_client:
        return json.dumps({"clients": documents, "sources": files}, indent=2)
    return json.dumps({**documents[0], "sources": files}, indent=2)


def _document(table: CommandTable, tally: Tally, answer: Answer) -> dict[str, Any]:
    derived = answer.derived
    document: dict[str, Any] = {"addresses": [*answer.addresses]} if answer.addresses else {}
    return document | {
        "access_string": derived.access_string,
        "server": table.line.id,
        "commands": [rule._asdict() for rule in derived.commands],
        "keys": [_name_document(rule, "keys") for rule in derived.keys],
        "channels": [_name_document(rule, "channels") for rule in derived.channels],
        "left_out": [*left_out(answer.use, BLOCKED)],
        "not_seen": [*not_seen(table, tally)],
        "compared_with_current": None if answer.compared is None else _comparison_document(answer.compared),
    }


def _name_document(rule: NameRule, names: str) -> dict[str, Any]:
    return {
        "pattern": rule.pattern,
        "rule": rule.rule,
        "calls": rule.calls,
        names: rule.names,
        "more": rule.more_names,
        "examples": [*rule.examples],
        "commands": [*rule.commands],
    }


def _comparison_document(compared: Comparison) -> dict[str, Any]:
    return {
        "relation": compared.relation,
        "never_used": [_difference_document(difference) for difference in compared.lost],
        "refused_now": [_difference_document(difference) for difference in compared.gained],
        "undecided": [undecided.says for undecided in compared.undecided],
    }


def _difference_document(difference: Difference) -> dict[str, Any]:
    return {
        "says": difference.says,
        "capability": difference.capability,
        "call": [word.decode("utf-8", "backslashreplace") for word in difference.call],
        "commands": [*difference.commands],
    }


def as_text(
    table: CommandTable, sources: Sequence[Source], tally: Tally, answers: Sequence[Answer], *, by_client: bool
) -> str:
    """The answers for people."""
    lines: list[str] = []
    for answer in answers:
        if by_client:
            lines += [
                f"Clients at {', '.join(address or 'addresses that are not known' for address in answer.addresses)}:",
                "",
            ]
        lines += [*_answer_lines(answer), ""]
    lines += ["What such a capture cannot show:", *(f"  - {sentence}" for sentence in not_seen(table, tally)), ""]
    lines += [_source_line(source) for source in sources]
    return "\n".join(printable(line) for line in lines)


def _answer_lines(answer: Answer) -> Iterator[str]:
    derived = answer.derived
    yield derived.access_string
    yield ""
    rules = [rule.rule for rule in derived.commands] + [rule.rule for rule in (*derived.keys, *derived.channels)]
    width = min(max(map(len, rules), default=0), _WIDEST_RULE)
    for command in derived.commands:
        seen = command.example or "its arguments were not seen"
        yield f"  {command.rule:<{width}}  {_counted(command.calls, 'call')}: {command.reason or seen}"
    for what, several in (("key", derived.keys), ("channel", derived.channels)):
        for rule in several:
            names = f"{rule.names} or more {what}s" if rule.more_names else _counted(rule.names, what)
            more = f" and {len(rule.commands) - _MOST_COMMANDS} more" if len(rule.commands) > _MOST_COMMANDS else ""
            by = f" by {', '.join(rule.commands[:_MOST_COMMANDS])}{more}" if rule.commands else ""
            yield f"  {rule.rule:<{width}}  {names}, {_counted(rule.calls, 'call')}{by}: {' '.join(rule.examples)}"
    if missing := [*left_out(answer.use, BLOCKED)]:
        yield ""
        yield "Not in it:"
        yield from (f"  - {sentence}" for sentence in missing)
    if answer.compared is not None:
        yield ""
        yield from _comparison_lines(answer.compared)


_WIDEST_RULE: Final = 40


def _comparison_lines(compared: Comparison) -> Iterator[str]:
    if compared.lost:
        yield "The current string allows, and it was not seen:"
        yield from (f"  - {_difference(difference)}" for difference in compared.lost)
    if compared.gained:
        yield "The current string refuses, and it was seen:"
        yield from (f"  - {_difference(difference)}" for difference in compared.gained)
    if compared.undecided:
        yield from (f"Undecided: {undecided.says}." for undecided in compared.undecided)
    if compared.relation == "equal":
        yield "The current string allows the same."


def _difference(difference: Difference) -> str:
    names = [typed(name) for name in difference.commands]
    more = f" and {len(names) - _MOST_COMMANDS} more" if len(names) > _MOST_COMMANDS else ""
    return f"{difference.says}: {', '.join(names[:_MOST_COMMANDS])}{more}" if names else difference.says


def _source_line(source: Source) -> str:
    tally = source.tally
    held = [
        *([_counted(tally.calls, "call")] if tally.calls else []),
        *([_counted(tally.counts, "count")] if tally.counts else []),
        *([_counted(tally.refusals, "refusal")] if tally.refusals else []),
    ]
    line = f"{source.name}: {', '.join(held) or 'nothing'}"
    if tally.deselected:
        why = f", {tally.not_selectable:,} of them since they do not say what was asked for" * bool(
            tally.not_selectable
        )
        line += f"; {tally.deselected:,} not selected{why}"
    if tally.damaged:
        named = ", ".join(map(str, tally.damaged_lines))
        more = ", …" if tally.damaged > MOST_DAMAGED_NAMED else ""
        line += f"; {_counted(tally.damaged, 'damaged line')}: {named}{more}"
    return line


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def clients_as_json(found: Sequence[Client], server: str) -> str:
    """What is known of clients, as one JSON object, whose keys programs rely on."""
    documents = [{**client._asdict(), "versions": dict(client.versions)} for client in found]
    return json.dumps({"server": server, "clients": documents}, indent=2)


def clients_as_text(found: Sequence[Client], server: str) -> str:
    """What is known of clients, for people."""
    lines: list[str] = []
    for client in found:
        lines += [f"{client.title} {client.version}, run on {server} on {client.seen}: {client.work}", ""]
        lines += [client.access_string, ""]
        for command, failure in client.handshake.items():
            lines.append(f"  without +{command} {f'it does not connect: {failure}' if failure else 'it goes on'}")
        lines += [""] * bool(client.handshake)
    return "\n".join(printable(line) for line in lines).rstrip()
