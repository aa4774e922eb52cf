"""Phrases about access that several policies use, so that the same thing is always said the same way."""

from collections.abc import Sequence
from typing import Final

from acl.capabilities import READ_ANY_KEY, WORST_FIRST, WRITE_ANY_KEY
from acl.hiding import in_one_line
from acl.narrower import narrower, with_keys
from elasticache.effects import UserEffect
from elasticache.user import User
from rulebook import fixes
from rulebook.wording import counted, listed

_LONGEST_STRING: Final = 100
_MOST_RULES: Final = 3


def access_string_of(user: User) -> str:
    """The access string as a message writes it: one space between words, shortened, and without a password."""
    if user.access_string.secret:
        return "accessString (marked secret, so not shown)"
    if user.access_string.known is None:
        return "an accessString that cannot be read here"
    return f'accessString "{in_one_line(user.access_string.known, _LONGEST_STRING)}"'


def keys_reached(effect: UserEffect) -> str:
    """What a user does with practically every key: reads, writes, or both."""
    held = effect.can(READ_ANY_KEY, WRITE_ANY_KEY)
    verbs = [verb for capability, verb in ((READ_ANY_KEY, "reads"), (WRITE_ANY_KEY, "writes")) if capability in held]
    return f"{listed(verbs)} practically every key"


def worst(effect: UserEffect, held: Sequence[str], most: int = 3) -> str:
    """What a user can do, the worst first, each with the commands that give it; the rest is counted."""
    ordered = sorted(held, key=WORST_FIRST.index)
    phrases = [f"{capability.replace('-', ' ')} ({_commands(effect, capability)})" for capability in ordered[:most]]
    return counted(phrases, len(ordered))


def _commands(effect: UserEffect, capability: str) -> str:
    line = effect.other_line_of(capability)
    return commands(effect.commands[capability]) + (f" on {line}" if line else "")


def reaching_commands(effect: UserEffect, held: Sequence[str]) -> str:
    """One command for each of several capabilities, the worst first."""
    ordered = sorted(held, key=WORST_FIRST.index)
    lines = [effect.other_line_of(capability) for capability in ordered]
    return listed(
        [
            commands(effect.commands[capability][:1]) + (f" (on {line})" if line else "")
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


def narrowed(user: User, effect: UserEffect) -> str | None:
    """The user's string without what reaches beyond its keys; None where there is none, or the string is secret."""
    if user.is_default or user.access_string.secret:
        return None
    suggestion = narrower(effect.own.access_string)
    return None if suggestion is None else f'accessString: "{suggestion}"'


def scoped(user: User, effect: UserEffect) -> str:
    """The user's string with the keys of its application in place of all of them, and nothing beyond them."""
    if user.is_default or user.access_string.secret:
        return template(user)
    made = with_keys(effect.own.access_string, f"~{fixes.prefix(user)}:*")
    if made is None:
        return template(user)
    return f'accessString: "{narrower(made) or made.text}"'


def commands(names: Sequence[str], most: int = 2) -> str:
    """Commands as people write them: `FLUSHALL, CLIENT KILL and 3 more`."""
    written = [name.upper().replace("|", " ") for name in names[:most]]
    if len(names) > most:
        written.append(f"{len(names) - most} more")
    return listed(written)
