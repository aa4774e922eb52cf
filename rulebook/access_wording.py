"""Phrases about access that several policies use, so that the same thing is always said the same way."""

from collections.abc import Sequence

from acl.capabilities import CAPABILITIES, WORST_FIRST
from acl.effect import Effect
from acl.hiding import in_one_line
from acl.narrower import narrower, newer_words
from elasticache.user import User
from rulebook.wording import listed

_LONGEST_STRING = 160


def access_string_of(user: User) -> str:
    """The access string as a message writes it: one space between words, shortened, and without a password."""
    if user.access_string.secret:
        return "accessString (marked secret, so not shown)"
    if user.access_string.known is None:
        return "an accessString that cannot be read here"
    return f'accessString "{in_one_line(user.access_string.known, _LONGEST_STRING)}"'


def powers(effect: Effect, held: Sequence[str]) -> str:
    """What a user can do, by capability, with the commands that give it."""
    return listed(
        [
            f"{capability.summary} ({commands(effect.commands[capability.id])})"
            for capability in sorted(CAPABILITIES, key=lambda capability: WORST_FIRST.index(capability.id))
            if capability.id in held
        ]
    )


def doubts(user: User, effect: Effect) -> str:
    """What could not be decided and so counts as granted, as a sentence to append; empty where all is decided."""
    if not effect.undecided or user.access_string.secret:
        return ""
    return f" Undecided, and counted as granted where it could be: {'; '.join(effect.undecided)}."


def write_instead(user: User, effect: Effect, otherwise: str) -> str:
    """The narrower string in Pulumi terms, or other advice where there is none or the string is secret."""
    table = effect.access_string.table
    suggestion = None if user.access_string.secret else narrower(effect.access_string)
    if suggestion is None:
        return f"{otherwise} Begin with -@all and add what the application needs."
    newer = newer_words(suggestion, table)
    older = f" Leave {listed(newer)} out on caches older than {table.line.title}." if newer else ""
    return f'The same keys and data commands, without the rest: accessString: "{suggestion}".{older}'


def commands(names: Sequence[str], most: int = 4) -> str:
    """Commands as people write them: `FLUSHALL, CLIENT KILL and 3 more`."""
    written = [name.upper().replace("|", " ") for name in names[:most]]
    if len(names) > most:
        written.append(f"{len(names) - most} more")
    return listed(written)
