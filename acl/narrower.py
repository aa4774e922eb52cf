"""A narrower access string: the same keys and data commands, without what reaches beyond them."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from acl.access_string import AccessString, evaluate, parse
from acl.capabilities import CAPABILITIES, Capabilities
from acl.commands import CommandTable, commands_of, line_before
from acl.effect import effect_of
from acl.rules import Rule
from acl.words import c_string, joined, selector_of

_CATEGORIES: Final = ("dangerous", "scripting")
_LONGEST: Final = 1_000
_MOST_SELECTORS: Final = 16
_SPACE_OR_NUL: Final = frozenset(b"\x00\t\n\x0b\x0c\r ")


def narrower(access: AccessString, capabilities: Capabilities = CAPABILITIES) -> str | None:
    """A string with the same keys and without the capabilities that narrowing removes, proven by evaluating it.

    Refused words are left out, and so are rules about passwords and grants of nothing but what is unwanted; what each
    list then grants too much is taken away at its end, by category or by name.

    :returns: None when the string holds none of them, is too long to be worth rewriting, or no rewriting is clean.
    """
    text = joined(rule.token for rule in access.rules)
    if len(text) > _LONGEST or text.count("(") > _MOST_SELECTORS:
        return None
    removed = capabilities.removed_by_narrowing
    if not effect_of(access, capabilities).can(*removed):
        return None
    made = evaluate(_Rewriting(access.table, capabilities).rewritten(access.rules), access.table)
    if not made.valid or effect_of(made, capabilities).can(*removed):
        return None
    return joined(rule.token for rule in made.rules)


def newer_words(text: str, table: CommandTable) -> tuple[str, ...]:
    """The words of a string that the line before that of the table refuses, as messages may write them."""
    older = line_before(table.line)
    if older is None:
        return ()
    return tuple(rejection.token for rejection in parse(text, commands_of(older.id)).rejections)


class _Rewriting:
    """Leaves out and takes away the commands that give one of the removed capabilities."""

    def __init__(self, table: CommandTable, capabilities: Capabilities) -> None:
        self._table = table
        self._unwanted = _unwanted_commands(table, capabilities)

    def rewritten(self, rules: Iterable[Rule]) -> list[Rule]:
        kept: list[Rule] = []
        for rule in rules:
            if c_string(rule.token).lower() == b"reset":
                kept = []
            elif rule.inner is not None:
                kept.append(self._selector(rule, rule.inner))
            elif rule.problem is None and not self._has_no_place(rule):
                kept.append(rule)
        return [*kept, *self._denials(kept)]

    def _selector(self, rule: Rule, inner: Iterable[Rule]) -> Rule:
        written = tuple(one for one in inner if one.token and _SPACE_OR_NUL.isdisjoint(one.token))
        (judged,) = evaluate([Rule(rule.position, rule.token, inner=written)], self._table).rules
        kept = [one for one in judged.inner or () if one.problem is None and not self._has_no_place(one)]
        kept += self._denials(kept)
        return Rule(rule.position, selector_of(one.token for one in kept), inner=tuple(kept))

    def _has_no_place(self, rule: Rule) -> bool:
        """Whether a rule is about passwords, grants what is blocked, or grants nothing but unwanted commands."""
        if rule.about_passwords or rule.command_granted in self._table.blocked:
            return True
        if rule.command_granted is None:
            return False
        granted = self._granted_by([rule])
        return granted != 0 and granted & ~self._unwanted == 0

    def _denials(self, kept: Sequence[Rule]) -> list[Rule]:
        """What to take away at the end of a list so that it grants nothing unwanted."""
        held = self._granted_by(rule for rule in kept if rule.inner is None) & self._unwanted
        denials: list[str] = []
        for category in _CATEGORIES:
            if held & self._table.categories[category]:
                denials.append(f"-@{category}")
                held &= ~self._table.categories[category]
        denials += [f"-{name}" for name in self._table.names_in(held)]
        return [Rule(0, denial.encode()) for denial in denials]

    def _granted_by(self, rules: Iterable[Rule]) -> int:
        own = evaluate(rules, self._table).selectors[0]
        return own.commands | own.partly


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
