"""Phrases about access that several policies use, so that the same thing is always said the same way."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from acl.access_string import parse
from acl.capabilities import READ_ANY_KEY, WRITE_ANY_KEY
from acl.commands import CommandTable, typed
from acl.hiding import in_one_line
from acl.narrower import narrower, not_taken_by, with_keys
from acl.software_needs import needed_by_software, software_needing
from elasticache.effects import UserEffect
from elasticache.service import further_tables_for
from elasticache.user import User
from rulebook import fixes
from rulebook.wording import counted, listed

_LONGEST_STRING: Final = 100
_MOST_RULES: Final = 3
_MOST_SOFTWARE: Final = 3
_MOST_COMMANDS: Final = 2


def access_string_of(user: User) -> str:
    """The access string as a message writes it: one space between words, shortened, and without a password."""
    if user.access_string.secret:
        return "accessString (marked secret, so not shown)"
    if user.access_string.known is None:
        return "an accessString that cannot be read here"
    return f'accessString "{in_one_line(user.access_string.known, _LONGEST_STRING)}"'


def _worst_first(effect: UserEffect, held: Sequence[str]) -> list[str]:
    return [capability.id for capability in effect.own.capabilities.worst_first if capability.id in held]


def keys_reached(effect: UserEffect) -> str:
    """What a user does with practically every key: reads, writes, or both."""
    held = effect.can(READ_ANY_KEY, WRITE_ANY_KEY)
    verbs = [verb for capability, verb in ((READ_ANY_KEY, "reads"), (WRITE_ANY_KEY, "writes")) if capability in held]
    return f"{listed(verbs)} practically every key"


def worst(effect: UserEffect, held: Sequence[str], most: int = 3) -> str:
    """What a user can do, the worst first, each with the commands that give it; the rest is counted."""
    ordered = _worst_first(effect, held)
    phrases = [f"{capability.replace('-', ' ')} ({_commands(effect, capability)})" for capability in ordered[:most]]
    return counted(phrases, len(ordered))


def _commands(effect: UserEffect, capability: str) -> str:
    line = effect.other_line_of(capability)
    return commands(effect.commands_by_capability[capability]) + (f" on {line}" if line else "")


def reaching_commands(effect: UserEffect, held: Sequence[str]) -> str:
    """One command for each of several capabilities, the worst first."""
    ordered = _worst_first(effect, held)
    lines = [effect.other_line_of(capability) for capability in ordered]
    return listed(
        [
            commands(effect.commands_by_capability[capability][:1]) + (f" (on {line})" if line else "")
            for capability, line in zip(ordered, lines, strict=True)
        ]
    )


def granted_by(user: User, effect: UserEffect, held: Sequence[str]) -> str:
    """The rules that grant capabilities, as the end of a sentence; empty where the string is secret."""
    if user.access_string.secret:
        return ""
    rules = [*dict.fromkeys(rule for capability in held for rule in effect.rules_behind(capability))]
    return f"; granted by {counted(rules[:_MOST_RULES], len(rules))}"


def doubts(user: User, effect: UserEffect) -> str:
    """What could not be decided and so counts as granted, to append; empty where all is decided."""
    if not effect.undecided or user.access_string.secret:
        return ""
    return f"; not decided, so counted as granted: {counted(effect.undecided[:1], len(effect.undecided))}"


def template(user: User) -> str:
    """A string for an application that keeps its data in strings and hashes, with this user's name in the keys."""
    if user.is_default:
        return fixes.replace_default(user)
    return f'accessString: "on ~{fixes.prefix(user)}:* -@all +@string +@hash +del +expire"'


class Narrowed(NamedTuple):
    """The user's string without what reaches beyond its keys."""

    fix: str
    """The property to paste."""
    refused: str
    """Which lines refuse it, to append; empty where none does that takes the user's own string."""
    dropped: str
    """Commands that known software needs and the string no longer grants, with the software that does."""
    kept_by_option: tuple[str, ...]
    """The capabilities that the first of those commands give, by id, the worst first."""


def narrowed(user: User, effect: UserEffect) -> Narrowed | None:
    """The user's string without what reaches beyond its keys; None where there is none, or the string is secret."""
    if user.is_default or user.access_string.secret:
        return None
    before = effect.own.access_string
    suggestion = narrower(before, others=_further(effect))
    if suggestion is None:
        return None
    table = before.table
    lost = needed_by_software({*table.names_in(before.granted & ~parse(suggestion, table).granted)})
    given = effect.commands_by_capability
    removed = effect.can(*effect.own.capabilities.removed_by_narrowing)
    giving = [
        capability
        for capability in _worst_first(effect, removed)
        if not {*lost[:_MOST_COMMANDS]}.isdisjoint(given[capability])
    ]
    return Narrowed(_property(suggestion), _where_not_taken(suggestion, effect), _needed(lost), tuple(giving))


def _needed(lost: Sequence[str]) -> str:
    if not lost:
        return ""
    software = software_needing(*lost)
    verb = "needs" if len(software) == 1 else "need"
    return f"{commands(lost)}, which {counted(software[:_MOST_SOFTWARE], len(software))} {verb}"


def _property(access_string: str) -> str:
    return f'accessString: "{access_string}"'


def scoped(user: User, effect: UserEffect) -> str:
    """The user's string with the keys of its application in place of all of them, and nothing beyond them."""
    if user.is_default or user.access_string.secret:
        return template(user)
    made = with_keys(effect.own.access_string, f"~{fixes.prefix(user)}:*")
    if made is None:
        return template(user)
    suggestion = narrower(made, others=_further(effect))
    if suggestion is None:
        return _property(made.text)
    return f"{_property(suggestion)}{_where_not_taken(suggestion, effect)}"


def _further(effect: UserEffect) -> tuple[CommandTable, ...]:
    return further_tables_for(effect.own.access_string.table.line.engine)


def _where_not_taken(suggestion: str, effect: UserEffect) -> str:
    """Which lines take the user's own string and refuse a suggested one, and why; empty where none does."""
    own = effect.own.access_string.text
    taking = [table for table in _further(effect) if parse(own, table).valid]
    said = [
        f"{title} does not know {listed(words)}: leave {'it' if len(words) == 1 else 'them'} out there"
        for title, words in not_taken_by(suggestion, taking)
    ]
    return f"; {'; '.join(said)}" if said else ""


def commands(names: Sequence[str], most: int = _MOST_COMMANDS) -> str:
    """Commands as people write them: `FLUSHALL, CLIENT KILL and 3 more`."""
    written = [typed(name) for name in names[:most]]
    if len(names) > most:
        written.append(f"{len(names) - most} more")
    return listed(written)
