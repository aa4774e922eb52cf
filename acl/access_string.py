"""Access strings, parsed as the server parses them.

An access string is a list of ACL rules, applied left to right to a user that starts with nothing
(`ACLSetUser` and `ACLSetSelector` in acl.c of Redis 6.2 and 7.0 and of Valkey 8.1 and 9.1). A server refuses the
whole list for one bad rule; here every bad rule is kept with its problem, and the others still count, because what
they grant is what the author of an invalid string asked for.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Final

from acl.commands import CommandTable
from acl.hiding import PASSWORD_MARKS
from acl.rules import Problem, Rejection, Rule, rejections_of
from acl.selector import Selector
from acl.selector_rules import RefusedError, apply_rule
from acl.words import Word, c_string, joined, words_of


@dataclass(frozen=True)
class AccessString:
    """An access string with its meaning on one server line. Its repr holds no rule, so no password either."""

    table: CommandTable = field(repr=False)
    enabled: bool
    """`on` is the last of the tokens `on` and `off`; with neither, ElastiCache users are off."""
    selectors: tuple[Selector, ...] = field(repr=False)
    """The user's own rules first, then each selector in its order."""
    rules: tuple[Rule, ...] = field(repr=False)
    """What it was made of, in order, each rule with what is wrong with it."""

    @cached_property
    def rejections(self) -> tuple[Rejection, ...]:
        """The rules that the server line refuses, in their order."""
        return tuple(rejections_of(self.rules))

    @property
    def valid(self) -> bool:
        """The server line accepts the string."""
        return not any(rule.refused for rule in self.rules)

    @property
    def text(self) -> str:
        """The rules as one string, a space between them. It holds the passwords that the rules hold."""
        return joined(rule.token for rule in self.rules)

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

    :param text: the string; words are separated by ASCII white space, as ElastiCache documents spaces only.
    :param table: the commands of the server line, from `commands_of` or `elasticache.service.commands_for`.
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
    judged = tuple(map(user.judged, rules))
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
        if rule.inner is None:
            return _with_problem(rule, self._apply)
        selector = self._new_selector()
        self.selectors.append(selector)
        inner = tuple(_with_problem(one, partial(self._apply_to, selector)) for one in rule.inner)
        return rule if inner == rule.inner else rule._replace(inner=inner)

    def _apply_to(self, selector: Selector, token: bytes) -> None:
        apply_rule(selector, token, self.table)

    def _apply(self, token: bytes) -> None:
        word = c_string(token).lower()
        if word in {b"on", b"off"}:
            self.enabled = word == b"on"
        elif word in {b"sanitize-payload", b"skip-sanitize-payload"}:
            pass
        elif word in {b"nopass", b"resetpass"}:
            self._passwords.clear()
        elif token.startswith(PASSWORD_MARKS):
            self._apply_password(token)
        elif word == b"reset":
            self.enabled = False
            self._passwords.clear()
            self.own = self._new_selector()
            self.selectors.clear()
        elif word == b"clearselectors" and self.table.syntax.subcommands:
            self.selectors.clear()
        else:
            self._apply_to(self.own, token)

    def _apply_password(self, token: bytes) -> None:
        kind, rest = token[:1], token[1:]
        if kind in b"#!" and not _HASH.fullmatch(rest):
            raise RefusedError(Problem.PASSWORD_HASH)
        password_hash = rest if kind in b"#!" else hashlib.sha256(rest).hexdigest().encode()
        if kind in b">#":
            self._passwords.add(password_hash)
        elif password_hash in self._passwords:
            self._passwords.remove(password_hash)
        else:
            raise RefusedError(Problem.UNKNOWN_PASSWORD)


_HASH: Final = re.compile(rb"[0-9a-f]{64}")


def _with_problem(rule: Rule, apply: Callable[[bytes], None]) -> Rule:
    problem = None
    try:
        apply(rule.token)
    except RefusedError as refusal:
        problem = refusal.problem
    return rule if rule.problem is problem else rule._replace(problem=problem)
