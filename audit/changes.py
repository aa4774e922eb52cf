"""`python -m audit changes`: what access a change gives and takes, user by user."""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from acl.access_string import AccessString, parse
from acl.comparison import Comparison, Difference, compare
from acl.hiding import printable
from audit.compare import EXIT_UNDECIDED, difference_document, exit_code
from audit.output import complain, harmless
from audit.resources import Decoded, stack_of
from audit.sources.export import InputError, Resource, read, read_change
from elasticache.properties import CannotTellError, Text
from elasticache.service import commands_for
from elasticache.stack import Stack
from elasticache.user import User
from rulebook.comparison_wording import in_words
from rulebook.subjects import subject_of

_TWO: Final = 2
_NOBODY: Final = "off"
"""What somebody may do who is not there."""


@dataclass(slots=True)
class UserChange:
    """What a change does to one user."""

    urn: str
    kind: str
    """`new`, `removed` or `changed`."""
    comparison: Comparison | None = None
    """None where one of the access strings is not known."""
    notes: list[str] = field(default_factory=list)
    """What else changes: how the user logs in, its engine, its groups."""
    unknown: list[str] = field(default_factory=list)
    """What could not be compared, and why."""

    @property
    def name(self) -> str:
        """The resource's name."""
        return self.urn.rpartition("::")[2]

    @property
    def is_empty(self) -> bool:
        """Nothing of it matters to access."""
        same = self.comparison is None or not (
            self.comparison.gained
            or self.comparison.lost
            or self.comparison.undecided
            or self.comparison.enabled.old != self.comparison.enabled.new
        )
        return same and self.kind == "changed" and not self.notes and not self.unknown


def run(arguments: argparse.Namespace) -> int:
    """Compare two states and print what changes for each user.

    :returns: 0 where nobody gains access, 1 where somebody does, 2 where that is undecided or a file cannot be read.
    """
    try:
        old, new = _states(arguments.path)
    except InputError as failure:
        complain(str(failure))
        return EXIT_UNDECIDED
    found = [change for change in changes(old, new) if not change.is_empty]
    print(FORMATS[arguments.format](found))
    code = exit_code([change.comparison for change in found if change.comparison is not None])
    return EXIT_UNDECIDED if code == 0 and any(change.unknown for change in found) else code


def _states(paths: Sequence[str]) -> tuple[Sequence[Resource], Sequence[Resource]]:
    if len(paths) == 1:
        return read_change(paths[0])
    if len(paths) == _TWO:
        return read(paths[0]), read(paths[1])
    raise InputError(f"{len(paths)} files are too many: give two stack exports, the old one first, or one preview")


def changes(old: Sequence[Resource], new: Sequence[Resource]) -> Iterator[UserChange]:
    """What happens to each user of either state, in the order of their URNs."""
    before, after = _users(old), _users(new)
    groups_before, groups_after = _groups(old), _groups(new)
    for urn in sorted({*before, *after}):
        change = UserChange(urn, "changed" if urn in before and urn in after else "new" if urn in after else "removed")
        _compare_access(change, before.get(urn), after.get(urn))
        _note_login(change, before.get(urn), after.get(urn))
        _note_groups(change, groups_before.get(urn, frozenset()), groups_after.get(urn, frozenset()))
        yield change


def _users(resources: Sequence[Resource]) -> dict[str, User]:
    typed = ((resource.urn, subject_of(resource.type, Decoded(resource.inputs))) for resource in resources)
    return {urn: subject for urn, subject in typed if isinstance(subject, User)}


def _groups(resources: Sequence[Resource]) -> Mapping[str, frozenset[str]]:
    """The URN of each user to the names of its groups in the stack."""
    stack: Stack = stack_of(resources)
    found: dict[str, set[str]] = {}
    for group in stack.groups:
        for member in stack.members(group):
            found.setdefault(member.urn, set()).add(_group_name(group.urn))
    return {urn: frozenset(names) for urn, names in found.items()}


def _group_name(urn: str) -> str:
    return urn.rpartition("::")[2]


def _compare_access(change: UserChange, old: User | None, new: User | None) -> None:
    engine = next((user.engine.known for user in (new, old) if user is not None and user.engine.known), "")
    table = commands_for(engine or "")
    read_strings: list[AccessString] = []
    for when, user in (("old", old), ("new", new)):
        if user is None:
            read_strings.append(parse(_NOBODY, table))
            continue
        text = user.access_string
        if text.known is None:
            why = text.marker.value if text.marker is not None else "is not set to a string"
            change.unknown.append(f"the {when} accessString {why}")
        else:
            read_strings.append(parse(text.known, table))
    if len(read_strings) == _TWO:
        compared = compare(read_strings[0], read_strings[1])
        secret = any(user is not None and user.access_string.secret for user in (old, new))
        change.comparison = _without_details(compared) if secret else compared


_HIDDEN: Final = Difference(
    call=(), database=0, says="something that is not shown: accessString is marked secret", capability=None, commands=()
)


def _without_details(compared: Comparison) -> Comparison:
    """That something is gained or lost, without what: keys and calls are made of the secret strings."""
    return replace(
        compared,
        gained=(_HIDDEN,) if compared.gained else (),
        lost=(_HIDDEN,) if compared.lost else (),
        undecided=tuple({one.gained: one._replace(commands=()) for one in compared.undecided}.values()),
    )


def _note_login(change: UserChange, old: User | None, new: User | None) -> None:
    if old is None or new is None:
        return
    before, after = _login(old), _login(new)
    if before != after:
        change.notes.append(f"logs in by {after}, before by {before}")
    for name in ("engine", "user_id", "user_name"):
        was, becomes = _shown(getattr(old, name)), _shown(getattr(new, name))
        if was != becomes:
            change.notes.append(f"{getattr(new, name).path} {becomes}, before {was}")


def _shown(text: Text) -> str:
    if text.secret:
        return "[secret]"
    return f'"{printable(text.known)}"' if text.known is not None else "not known"


def _login(user: User) -> str:
    try:
        kind = user.authenticates_by
    except CannotTellError:
        return "what is not known yet"
    return "nothing that is set" if kind is None else kind.value


def _note_groups(change: UserChange, old: frozenset[str], new: frozenset[str]) -> None:
    change.notes += [f"joins group {printable(name)}" for name in sorted(new - old)]
    change.notes += [f"leaves group {printable(name)}" for name in sorted(old - new)]


def _counts(found: Sequence[UserChange]) -> str:
    gaining = sum(bool(change.comparison and change.comparison.gained) for change in found)
    losing = sum(bool(change.comparison and change.comparison.lost) for change in found)
    kinds = [f"{sum(change.kind == kind for change in found)} {kind}" for kind in ("new", "removed")]
    return f"{_number(gaining)} gain access, {losing} lose access, {', '.join(kinds)}"


def _number(users: int) -> str:
    return f"{users} user{'' if users == 1 else 's'}"


def _points(change: UserChange) -> Iterator[tuple[str, list[str]]]:
    """What there is to say of a user, under headings."""
    comparison = change.comparison
    if comparison is not None:
        if comparison.enabled.old != comparison.enabled.new and change.kind == "changed":
            yield f"is switched {'on' if comparison.enabled.new else 'off'}", []
        if comparison.gained:
            yield "may do from now on", [in_words(difference) for difference in comparison.gained]
        if comparison.lost:
            yield "may do no longer", [in_words(difference) for difference in comparison.lost]
        for undecided in comparison.undecided:
            yield f"undecided: {undecided.says}", []
    for note in (*change.notes, *(f"could not be compared: {reason}" for reason in change.unknown)):
        yield note, []


def text(found: Sequence[UserChange]) -> str:
    """The changes for people."""
    lines: list[str] = []
    for change in found:
        lines.append(f"{change.urn} ({change.kind})")
        for heading, points in _points(change):
            lines += [f"  {heading}{':' if points else ''}", *(f"    - {point}" for point in points)]
        lines.append("")
    lines.append(_counts(found) if found else "No user gains or loses access.")
    return "\n".join(map(harmless, lines))


def markdown(found: Sequence[UserChange]) -> str:
    """The changes as a comment on a pull request."""
    lines = ["### Access of ElastiCache users", ""]
    if not found:
        return "\n".join([*lines, "No user gains or loses access."])
    lines += [_counts(found) + ".", ""]
    shown = found[:_MOST_USERS]
    for change in shown:
        lines += [f"**{_code(change.name)}** ({change.kind})", ""]
        for heading, points in _points(change):
            lines.append(f"- {_escaped(heading)}{':' if points else ''}")
            lines += [f"  - {_escaped(point)}" for point in points]
        lines.append("")
    if len(found) > len(shown):
        lines.append(f"And {_number(len(found) - len(shown))} more; `python -m audit changes` lists them all.")
    return "\n".join(lines).rstrip() + "\n"


_MOST_USERS: Final = 50
"""A comment on GitHub holds 65,536 characters."""
_MARKED: Final = str.maketrans({letter: f"\\{letter}" for letter in "\\`*_[]<>|#!~@"})


def _escaped(words: str) -> str:
    return printable(words).translate(_MARKED)


def _code(name: str) -> str:
    return f"`{printable(name).replace('`', chr(39))}`"


def _as_json(found: Sequence[UserChange]) -> str:
    return json.dumps({"changes": [_document(change) for change in found]}, indent=2)


def _document(change: UserChange) -> dict[str, Any]:
    comparison = change.comparison
    compared = (
        {}
        if comparison is None
        else {
            "relation": comparison.relation,
            "enabled": {"old": comparison.enabled.old, "new": comparison.enabled.new},
            "gained": [difference_document(difference) for difference in comparison.gained],
            "lost": [difference_document(difference) for difference in comparison.lost],
            "undecided": [undecided.says for undecided in comparison.undecided],
        }
    )
    return {"urn": change.urn, "kind": change.kind, **compared, "notes": change.notes, "unknown": change.unknown}


FORMATS: Final = {"text": text, "json": _as_json, "markdown": markdown}
"""What `--format` takes, to what writes it."""
