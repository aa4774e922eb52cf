"""Access strings, parsed as the server parses them.

An access string is a list of ACL rules, applied left to right to a user that starts with nothing
(`ACLSetUser` and `ACLSetSelector` in acl.c of Redis 6.2 and 7.0 and of Valkey 8.1 and 9.1). A server refuses the
whole list for one bad rule; here every bad rule is kept with its problem, and the others still count, because what
they grant is what the author of an invalid string asked for.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from acl.commands import CommandTable
from acl.hiding import PASSWORD_MARKS
from acl.rules import Problem, Rejection, Rule, rejections_of
from acl.selector import Selector
from acl.selector_rules import apply_rule
from acl.words import Word, c_string, words_of


@dataclass(frozen=True, eq=False)
class AccessString:
    """An access string with its meaning on one server line. Its repr holds no rule, so no password either."""

    table: CommandTable = field(repr=False)
    enabled: bool
    """`on` is the last of the tokens `on` and `off`; with neither, the user is off."""
    selectors: tuple[Selector, ...] = field(repr=False)
    """The user's own rules first, then each selector in its order."""
    rules: tuple[Rule, ...] = field(repr=False)
    """What it was made of, in order, each rule with what is wrong with it."""

    @cached_property
    def valid(self) -> bool:
        """The server line accepts the string."""
        return not any(rule.refused for rule in self.rules)

    @cached_property
    def rejections(self) -> tuple[Rejection, ...]:
        """The rules that the server line refuses, in their order."""
        return () if self.valid else tuple(rejections_of(self.rules))

    @property
    def granted(self) -> int:
        """Commands granted outright by any list, with those that every connection may run.

        Commands of modules are among them only where a rule names them or their family, since a cache has them only
        where its engine is new enough.
        """
        core = self.table.core
        union = self.table.no_auth
        for selector in self.selectors:
            named = core
            for _, mask in selector.grants:
                if not mask & core:
                    named |= mask
            union |= selector.commands & named
        return union


def parse(text: str, table: CommandTable) -> AccessString:
    """Parse an access string for the server line of a command table.

    Never raises: what a server would refuse is in `rejections`, and everything else still counts.

    :param text: the string; words are separated by ASCII white space.
    :param table: the commands of the server line, from `commands_of`, perhaps with modules and limits.
    """
    return evaluate(map(_rule_of, words_of(text, table.syntax)), table)


def _rule_of(word: Word) -> Rule:
    if word.inside is None:
        return Rule(word.position, word.token)
    return Rule(
        word.position,
        word.token,
        None if word.closed else Problem.UNMATCHED_PARENTHESIS,
        tuple(Rule(word.position, token) for token in word.inside),
    )


def evaluate(rules: Iterable[Rule], table: CommandTable) -> AccessString:
    """Apply rules, in their order, to a user that starts with nothing; no text is taken apart.

    :param rules: what `parse` made of a string for a server line of the same syntax: all of them, some, or others in
        between. What was wrong with them before does not matter, but for a selector that is never closed.
    """
    user = _User(table)
    judged = tuple([user.judged(rule) for rule in rules])
    return AccessString(table, user.enabled, (user.own, *user.selectors), judged)


class _User:
    """Applies rules to the user's own list and to its selectors, as `ACLSetUser` does."""

    def __init__(self, table: CommandTable) -> None:
        self.table = table
        self.enabled = False
        self.own = self._new_selector()
        self.selectors: list[Selector] = []
        self._passwords: set[bytes] = set()

    def _new_selector(self) -> Selector:
        return Selector(all_channels=self.table.syntax.all_channels_by_default)

    def judged(self, rule: Rule) -> Rule:
        """Apply a rule; it comes back with what is wrong with it where it stands now."""
        if rule.inner is not None:
            selector = self._new_selector()
            self.selectors.append(selector)
            inner = tuple([_judged_in(selector, one, self.table) for one in rule.inner])
            return rule if inner == rule.inner else Rule(rule.position, rule.token, rule.problem, inner)
        if rule.token[:1] in _LIST_SIGNS:
            return _judged_in(self.own, rule, self.table)
        problem = self._apply(rule.token)
        return rule if rule.problem is problem else Rule(rule.position, rule.token, problem)

    def _apply(self, token: bytes) -> Problem | None:
        word = c_string(token).lower()
        if word in {b"on", b"off"}:
            self.enabled = word == b"on"
        elif word in {b"sanitize-payload", b"skip-sanitize-payload"}:
            pass
        elif word in {b"nopass", b"resetpass"}:
            self._passwords.clear()
        elif token.startswith(PASSWORD_MARKS):
            return self._apply_password(token)
        elif word == b"reset":
            self.enabled = False
            self._passwords.clear()
            self.own = self._new_selector()
            self.selectors.clear()
        elif word == b"clearselectors" and self.table.syntax.subcommands:
            self.selectors.clear()
        else:
            return apply_rule(self.own, token, self.table)
        return None

    def _apply_password(self, token: bytes) -> Problem | None:
        kind, rest = token[:1], token[1:]
        if kind in b"#!" and (len(rest) != _HASH_LENGTH or rest.strip(_HASH_DIGITS)):
            return Problem.PASSWORD_HASH
        password_hash = rest if kind in b"#!" else hashlib.sha256(rest).hexdigest().encode()
        if kind in b">#":
            self._passwords.add(password_hash)
        elif password_hash in self._passwords:
            self._passwords.remove(password_hash)
        else:
            return Problem.UNKNOWN_PASSWORD
        return None


_LIST_SIGNS: Final = frozenset({b"+", b"-", b"~", b"%", b"&"})
"""What rules begin with that mean the same in a selector; most rules do."""
_HASH_LENGTH: Final = 64
_HASH_DIGITS: Final = b"0123456789abcdef"


def _judged_in(selector: Selector, rule: Rule, table: CommandTable) -> Rule:
    problem = apply_rule(selector, rule.token, table)
    return rule if rule.problem is problem else Rule(rule.position, rule.token, problem)
