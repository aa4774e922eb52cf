"""A narrower access string: the same keys and data commands, without what reaches beyond them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from acl import capabilities
from acl.access_string import AccessString, evaluate, parse
from acl.bits import bits
from acl.capabilities import CAPABILITIES
from acl.commands import CommandTable, commands_of, line_before
from acl.effect import effect_of
from acl.rules import Problem, Rule
from acl.words import c_string, joined, selector_of

REMOVED_CAPABILITIES: Final = (
    capabilities.ERASE_EVERYTHING,
    capabilities.RUN_CODE,
    capabilities.DISTURB_CLIENTS,
    capabilities.WATCH_TRAFFIC,
    capabilities.LIST_KEYS,
)
"""What a narrower string does not hold."""

_CATEGORIES: Final = ("dangerous", "scripting")
_LONGEST: Final = 1_000
_MOST_SELECTORS: Final = 16
_SPACE_OR_NUL: Final = frozenset(b"\x00\t\n\x0b\x0c\r ")


def narrower(access: AccessString) -> str | None:
    """A string with the same keys and without the capabilities of `REMOVED_CAPABILITIES`, proven by the engine.

    Refused words are left out, and so are rules about passwords and grants of nothing but what is unwanted; what each
    list then grants too much is taken away at its end, by category or by name.

    :returns: None when the string holds none of them, is too long to be worth rewriting, or no rewriting is clean.
    """
    text = joined(rule.token for rule in access.rules)
    if len(text) > _LONGEST or text.count("(") > _MOST_SELECTORS:
        return None
    if not effect_of(access).can(*REMOVED_CAPABILITIES):
        return None
    made = evaluate(_rewritten(access), access.table)
    if not made.valid or effect_of(made).can(*REMOVED_CAPABILITIES):
        return None
    return joined(rule.token for rule in made.rules)


def without_refused(access: AccessString, unwanted: Callable[[Rule], bool]) -> str | None:
    """The string without the rules that the server refuses, and without others that are not wanted.

    :param unwanted: says of a rule that it shall go, too; rules about passwords always go.
    :returns: None when nothing would be left that grants a command, or the string is too long to be worth rewriting.
    """
    if len(joined(rule.token for rule in access.rules)) > _LONGEST:
        return None
    made = evaluate(_accepted(access.rules, unwanted), access.table)
    grants = any(selector.commands | selector.partly for selector in made.selectors)
    return joined(rule.token for rule in made.rules) if made.valid and grants else None


_REPAIRABLE: Final = (None, Problem.UNMATCHED_PARENTHESIS)
"""A selector that is never closed is written with its parenthesis."""


def _accepted(rules: Iterable[Rule], unwanted: Callable[[Rule], bool]) -> Iterator[Rule]:
    for rule in rules:
        if rule.problem not in _REPAIRABLE or rule.about_passwords or not rule.token or unwanted(rule):
            continue
        if rule.inner is None:
            yield rule
            continue
        inner = tuple(_accepted(rule.inner, unwanted))
        yield Rule(rule.position, selector_of(one.token for one in inner), inner=inner)


def with_keys(access: AccessString, pattern: str) -> AccessString | None:
    """The same rules with one key pattern in place of all others, in each list that has any.

    :param pattern: a key rule, such as `~app:*`.
    :returns: None when the string is too long to be worth rewriting, or the server refuses what comes out.
    """
    text = joined(rule.token for rule in access.rules)
    if len(text) > _LONGEST:
        return None
    key_rule = Rule(0, pattern.encode())
    made = evaluate(_with_key_rule(access.rules, key_rule), access.table)
    return made if made.valid else None


def _with_key_rule(rules: Iterable[Rule], key_rule: Rule) -> Iterator[Rule]:
    placed = False
    for rule in rules:
        if rule.refused or rule.about_passwords:
            continue
        if rule.inner is not None:
            inner = tuple(_with_key_rule(rule.inner, key_rule))
            yield Rule(rule.position, selector_of(one.token for one in inner), inner=inner)
        elif not _about_keys(rule):
            yield rule
        elif not placed:
            placed = True
            yield key_rule


def _about_keys(rule: Rule) -> bool:
    word = c_string(rule.token).lower()
    return word.startswith((b"~", b"%")) or word in {b"allkeys", b"resetkeys"}


def newer_words(text: str, table: CommandTable) -> tuple[str, ...]:
    """The words of a string that the line before that of the table refuses, as messages may write them."""
    older = line_before(table.line)
    if older is None:
        return ()
    return tuple(rejection.token for rejection in parse(text, commands_of(older.id)).rejections)


def _rewritten(access: AccessString) -> list[Rule]:
    table = access.table
    kept: list[Rule] = []
    for rule in access.rules:
        if c_string(rule.token).lower() == b"reset":
            kept = []
        elif rule.inner is not None:
            kept.append(_rewritten_selector(rule, rule.inner, table))
        elif rule.problem is None and not _unwanted(rule, table):
            kept.append(rule)
    return [*kept, *_denials(kept, table)]


def _rewritten_selector(rule: Rule, inner: Iterable[Rule], table: CommandTable) -> Rule:
    written = [one for one in inner if one.token and _SPACE_OR_NUL.isdisjoint(one.token)]
    (judged,) = evaluate((Rule(rule.position, rule.token, inner=tuple(written)),), table).rules
    kept = [one for one in judged.inner or () if one.problem is None and not _unwanted(one, table)]
    kept += _denials(kept, table)
    return Rule(rule.position, selector_of(one.token for one in kept), inner=tuple(kept))


def _unwanted(rule: Rule, table: CommandTable) -> bool:
    """Whether a rule has no place in a suggestion, or grants nothing but unwanted commands."""
    if rule.about_passwords:
        return True
    if rule.command_granted is None:
        return False
    return rule.command_granted in table.blocked or _grants_unwanted_alone(rule, table)


def _grants_unwanted_alone(rule: Rule, table: CommandTable) -> bool:
    own = evaluate((rule,), table).selectors[0]
    granted = own.commands | own.partly
    return granted != 0 and granted & ~_unwanted_commands(table) == 0


@cache
def _unwanted_commands(table: CommandTable) -> int:
    """The commands that give one of the removed capabilities."""
    mask = 0
    for capability in CAPABILITIES:
        if capability.id in REMOVED_CAPABILITIES:
            names = capability.commands
            if not table.syntax.subcommands:
                names = tuple(name.partition("|")[0] for name in names)
            mask |= table.mask(*names)
    return mask


def _denials(kept: Sequence[Rule], table: CommandTable) -> list[Rule]:
    """What to take away at the end of a list so that it holds none of the removed capabilities."""
    granted = evaluate((rule for rule in kept if rule.inner is None), table).selectors[0]
    held = (granted.commands | granted.partly) & _unwanted_commands(table)
    denials: list[bytes] = []
    for category in _CATEGORIES:
        if held & table.categories[category]:
            denials.append(f"-@{category}".encode())
            held &= ~table.categories[category]
    denials += [f"-{table.names[command]}".encode() for command in bits(held)]
    return [Rule(0, token) for token in denials]
