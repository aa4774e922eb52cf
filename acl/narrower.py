"""A narrower access string: the same keys and data commands, without what reaches beyond them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from acl.access_string import AccessString, evaluate, parse
from acl.capabilities import CAPABILITIES, Capabilities
from acl.commands import CommandTable, commands_of, lines_before
from acl.denials import Line, at_end, granted_by, without_idle_words
from acl.effect import effect_of
from acl.rules import Problem, Rule
from acl.words import c_string, joined, selector_of

_LONGEST: Final = 1_000
_MOST_SELECTORS: Final = 16
_SPACE_OR_NUL: Final = frozenset(b"\x00\t\n\x0b\x0c\r ")


def narrower(
    access: AccessString, capabilities: Capabilities = CAPABILITIES, others: Iterable[CommandTable] | None = None
) -> str | None:
    """A string with the same keys and without the capabilities that narrowing removes, proven by evaluating it.

    Refused words are left out, and so are rules about passwords and grants of nothing but what is unwanted; what each
    list then grants too much is taken away at its end, by category or by name. What a list grants by name stays, unless
    it is unwanted itself.

    :param others: further lines; those that take the string shall take what is made of it, and grant no more on it.
        The older lines of the engine, unless given. Where no rewriting serves them all, the oldest go unserved:
        `not_taken_by` names them.
    :returns: None when the string holds none of them, is too long to be worth rewriting, no rewriting is clean, or its
        own line refuses words that another line takes.
    """
    text = joined(rule.token for rule in access.rules)
    if len(text) > _LONGEST or text.count("(") > _MOST_SELECTORS:
        return None
    removed = capabilities.removed_by_narrowing
    tables = [access.table, *(_older(access.table) if others is None else others)]
    if not access.valid and any(parse(text, table).valid for table in tables[1:]):
        return None  # its refused words mean something where it is taken, so leaving them out could give more there
    accepted = joined(rule.token for rule in _accepted(access.rules, lambda _: False))
    readings = [access, *(one for table in tables[1:] if (one := parse(accepted, table)).valid)]
    if not any(effect_of(one, capabilities).can(*removed) for one in readings):
        return None
    while readings:
        made = _rewritten(access, [one.table for one in readings], capabilities)
        if made is not None:
            return made
        readings.pop()
    return None


def _older(table: CommandTable) -> list[CommandTable]:
    """The older lines of the same engine, the newest first."""
    return [commands_of(line.id) for line in lines_before(table.line)]


def _rewritten(access: AccessString, tables: Sequence[CommandTable], capabilities: Capabilities) -> str | None:
    """The rewritten string, proven on each of several lines; None where one of them refuses it or grants too much."""
    made = evaluate(_Rewriting(tables, capabilities).rewritten(access.rules), access.table)
    text = joined(rule.token for rule in made.rules)
    for reading in (made, *(parse(text, table) for table in tables[1:])):
        if not reading.valid or effect_of(reading, capabilities).can(*capabilities.removed_by_narrowing):
            return None
    return text


def not_taken_by(text: str, tables: Iterable[CommandTable]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The lines that refuse a string, by title, each with the words about commands that it refuses, each once."""
    readings = [parse(text, table) for table in tables]
    return tuple(
        (one.table.line.title, tuple(dict.fromkeys(rejection.token.strip("()") for rejection in one.rejections)))
        for one in readings
        if not one.valid
    )


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


class _Rewriting:
    """Leaves out and takes away the commands that give one of the removed capabilities."""

    def __init__(self, tables: Sequence[CommandTable], capabilities: Capabilities) -> None:
        self._table = tables[0]
        self._lines = [Line(table, _unwanted_commands(table, capabilities)) for table in tables]

    def rewritten(self, rules: Iterable[Rule]) -> list[Rule]:
        kept: list[Rule] = []
        for rule in rules:
            if c_string(rule.token).lower() == b"reset":
                kept = []
            elif rule.inner is not None:
                kept.append(self._selector(rule, rule.inner))
            elif rule.problem is None and not self._has_no_place(rule):
                kept.append(rule)
        return self._ended(kept)

    def _selector(self, rule: Rule, inner: Iterable[Rule]) -> Rule:
        written = tuple(one for one in inner if one.token and _SPACE_OR_NUL.isdisjoint(one.token))
        (judged,) = evaluate([Rule(rule.position, rule.token, inner=written)], self._table).rules
        kept = [one for one in judged.inner or () if one.problem is None and not self._has_no_place(one)]
        kept = self._ended(kept)
        return Rule(rule.position, selector_of(one.token for one in kept), inner=tuple(kept))

    def _ended(self, kept: Sequence[Rule]) -> list[Rule]:
        ending = at_end(kept, self._lines)
        return without_idle_words(kept, ending, [line.table for line in self._lines]) if ending else [*kept]

    def _has_no_place(self, rule: Rule) -> bool:
        """Whether a rule is about passwords, grants what is blocked, or grants nothing but unwanted commands."""
        if rule.about_passwords or rule.command_granted in self._table.blocked:
            return True
        if rule.command_granted is None:
            return False
        granted = granted_by([rule], self._table)
        return granted != 0 and granted & ~self._lines[0].unwanted == 0


@cache
def _unwanted_commands(table: CommandTable, capabilities: Capabilities) -> int:
    mask = 0
    for row in capabilities:
        if row.removed_by_narrowing:
            names = row.commands
            if not table.syntax.subcommands:
                names = tuple(name.partition("|")[0] for name in names)
            mask |= table.mask(*names)
    return mask
