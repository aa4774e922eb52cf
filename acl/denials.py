"""What to write at the end of a list of rules so that it grants nothing unwanted, on every line that takes the list.

A name that only the newest line knows cannot be taken away by name: older lines refuse the string. Its category is
taken away instead, and what goes with it is granted again.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from acl.access_string import evaluate
from acl.commands import CommandTable
from acl.idle_words import state_of
from acl.rules import Rule
from acl.selector import Selector

_CATEGORIES: Final = ("dangerous", "scripting")
_FEWEST_AGAIN: Final = 4
"""A category that gives back fewer commands than this is not written; their names are."""

_MOST_LOST: Final = 40
"""A category that takes more commands than this with it is not denied: nobody would read their names."""


class Line(NamedTuple):
    """A server line, and what no list shall grant on it."""

    table: CommandTable
    unwanted: int


def at_end(kept: Sequence[Rule], lines: Sequence[Line]) -> list[Rule]:
    """The rules to append to a list: denials, and what they must not take with them.

    What the list granted by name stays granted, unless it is unwanted.

    :param kept: the rules of one list, without those of selectors.
    :param lines: all lines on which it shall grant nothing unwanted; the first is the list's own.
    """
    return _Ending([rule for rule in kept if rule.inner is None], lines).rules()


class _Ending:
    def __init__(self, kept: Sequence[Rule], lines: Sequence[Line]) -> None:
        self._kept = kept
        self._lines = lines
        self._before = [granted_by(kept, line.table) for line in lines]

    def rules(self) -> list[Rule]:
        everywhere = self._denied_by_category()
        written = [*everywhere, *self._granted_again(everywhere)]
        written += self._denials(written)
        written += self._names_again(written, everything=bool(everywhere))
        return [Rule(0, word.encode()) for word in written]

    def _after(self, words: Sequence[str]) -> list[int]:
        rules = [*self._kept, *(Rule(0, word.encode()) for word in words)]
        return [granted_by(rules, line.table) for line in self._lines]

    def _denials(self, words: Sequence[str]) -> list[str]:
        """What takes away all that is unwanted after some words; names that a line does not know are among it."""
        held = [granted & line.unwanted for granted, line in zip(self._after(words), self._lines, strict=True)]
        denials = []
        for category in _CATEGORIES:
            masks = [line.table.categories[category] for line in self._lines]
            if any(some & mask for some, mask in zip(held, masks, strict=True)):
                denials.append(f"-@{category}")
                held = [some & ~mask for some, mask in zip(held, masks, strict=True)]
        return [*denials, *dict.fromkeys(f"-{name}" for name in self._names(held))]

    def _names(self, masks: Iterable[int]) -> Iterator[str]:
        for mask, line in zip(masks, self._lines, strict=True):
            yield from line.table.names_in(mask)

    def _unknown(self, name: str) -> bool:
        return any(name not in line.table.index for line in self._lines)

    def _denied_by_category(self) -> list[str]:
        """The category with the fewest commands besides, for names that cannot be denied on each line."""
        names = [word[1:] for word in self._denials(()) if not word.startswith("-@") and self._unknown(word[1:])]
        if not names:
            return []
        lost = {
            category: (mask & self._before[0]).bit_count() for category, mask in self._lines[0].table.categories.items()
        }
        fitting = [category for category in lost if all(self._in_category(name, category) for name in names)]
        best = min(fitting, key=lost.__getitem__, default="")
        return [f"-@{best}"] if best and lost[best] <= _MOST_LOST else []

    def _in_category(self, name: str, category: str) -> bool:
        tables = [line.table for line in self._lines]
        return all(
            category in table.categories and (name not in table.index or table.categories[category] & table.mask(name))
            for table in tables
        )

    def _granted_again(self, denied: Sequence[str]) -> list[str]:
        """A category that gives back much of what another took, and nothing that was not granted."""
        if not denied:
            return []
        lost = self._wanted_and_lost(denied)[0]
        given_back = {name: (mask & lost).bit_count() for name, mask in self._lines[0].table.categories.items()}
        best = max(filter(self._gives_only_what_was, given_back), key=given_back.__getitem__, default="")
        return [f"+@{best}"] if given_back.get(best, 0) >= _FEWEST_AGAIN else []

    def _gives_only_what_was(self, category: str) -> bool:
        return all(
            category in line.table.categories
            and line.table.categories[category] & ~before == 0
            and not any(
                self._unknown(name) for name in line.table.names_in(line.table.categories[category] & line.unwanted)
            )
            for line, before in zip(self._lines, self._before, strict=True)
        )

    def _wanted_and_lost(self, words: Sequence[str]) -> list[int]:
        return [
            before & ~line.unwanted & ~after
            for before, line, after in zip(self._before, self._lines, self._after(words), strict=True)
        ]

    def _names_again(self, words: Sequence[str], *, everything: bool) -> list[str]:
        lost = self._wanted_and_lost(words)[0]
        table = self._lines[0].table
        own = evaluate(self._kept, table).selectors[0]
        again = [name for rule in self._kept for name in _kept_by_name(rule, own, lost, table)]
        if everything:
            again += _by_container(lost & own.commands & ~_taken(table), self._after(words)[0], table)
        return [f"+{name}" for name in dict.fromkeys(again) if self._may_give(name)]

    def _may_give(self, name: str) -> bool:
        """Whether every line knows the name, and granted at least as much on its own."""
        rule = Rule(0, f"+{name}".encode())
        return all(
            evaluate([rule], line.table).valid and granted_by([rule], line.table) & (~before | line.unwanted) == 0
            for line, before in zip(self._lines, self._before, strict=True)
        )


def _kept_by_name(rule: Rule, own: Selector, lost: int, table: CommandTable) -> Iterator[str]:
    """What a rule grants by name and its list would lose, as names to write again."""
    name = rule.command_granted
    if name is None or name.startswith("@") or rule.problem is not None:
        return
    granted = granted_by([rule], table)
    if not granted & lost:
        return
    command, _, argument = name.partition("|")
    if argument and name not in table.index:
        if argument.encode("utf-8", "surrogateescape") in own.first_arguments.get(table.index[command], {}):
            yield name
    elif granted & ~own.commands == 0:
        yield name
    else:
        yield from table.names_in(granted & lost & own.commands)


def without_idle_words(kept: Sequence[Rule], ending: Sequence[Rule], tables: Sequence[CommandTable]) -> list[Rule]:
    """A list and its ending without what changes nothing on any line: grants, such as `+eval` before `-@scripting`."""
    rules = [*kept, *ending]
    whole = [state_of(rules, table) for table in tables]
    for rule in [*(one for one in kept if one.inner is None and one.command_granted is not None), *ending]:
        fewer = [one for one in rules if one is not rule]
        if [state_of(fewer, table) for table in tables] == whole:
            rules = fewer
    return rules


def _by_container(lost: int, after: int, table: CommandTable) -> Iterator[str]:
    """Names for commands, a container standing for its subcommands where all of them are granted again."""
    names = [*table.names_in(lost)]
    for name in names:
        container, bar, _ = name.partition("|")
        if not bar:
            yield name
        elif table.mask(container) & ~(lost | after) == 0:
            yield container
        else:
            yield name


def _taken(table: CommandTable) -> int:
    """What the categories take away that are denied whole."""
    taken = 0
    for category in _CATEGORIES:
        taken |= table.categories[category]
    return taken


def granted_by(rules: Iterable[Rule], table: CommandTable) -> int:
    """The commands that a list of rules grants, those with fixed first arguments among them; selectors do not count."""
    own = evaluate(rules, table).selectors[0]
    return own.commands | own.partly
