"""The rules of an access string, each with its place and with what is wrong with it."""

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Final, NamedTuple

from acl.hiding import PASSWORD_MARKS, Veil
from acl.words import c_string


class Problem(Enum):
    """Why a rule is refused."""

    SYNTAX = "is not an ACL rule"
    UNKNOWN_NAME = "names a command or category that is not known"
    UNMATCHED_PARENTHESIS = "opens a selector that is never closed"
    AFTER_ALL_KEYS = "adds a key pattern after ~* or allkeys, which servers refuse: it would narrow nothing"
    AFTER_ALL_CHANNELS = "adds a channel pattern after &* or allchannels, which servers refuse: it would narrow nothing"
    SUBCOMMAND_ARGUMENT = "allows a first argument of a subcommand, which no server supports"
    UNKNOWN_PASSWORD = "removes a password that the user does not have"  # noqa: S105 - a sentence, not a password
    PASSWORD_HASH = "is not a SHA-256 hash in lower-case hexadecimal"  # noqa: S105 - a sentence, not a password
    DATABASE_RANGE = "names a database number that is out of range"


class Rule(NamedTuple):
    """One rule, with what is wrong with it where it stands."""

    position: int
    """Counts the words of the string from 1; for a rule inside a selector, the word with which the selector starts."""
    token: bytes
    """As written; inside a selector without its quotes. It may be a password."""
    problem: Problem | None = None
    inner: "tuple[Rule, ...] | None" = None
    """The rules inside a selector; None for what is not a selector."""

    def __repr__(self) -> str:
        """Nothing of the token, which may be a password."""
        return f"Rule({self.position}, problem={self.problem}, inner={self.inner})"

    @property
    def refused(self) -> bool:
        """The server refuses it, or a rule inside it."""
        return self.problem is not None or any(rule.problem for rule in self.inner or ())

    @property
    def about_passwords(self) -> bool:
        """It is about how the user logs in, and not about what it may do; `reset` forgets the passwords, too."""
        return self.token.startswith(PASSWORD_MARKS) or c_string(self.token).lower() in _PASSWORD_KEYWORDS

    @property
    def command_granted(self) -> str | None:
        """The command, subcommand or category that the rule grants by name; None where it grants none."""
        word = c_string(self.token).lower()
        return word[1:].decode("utf-8", "surrogateescape") if word.startswith(b"+") else None


_PASSWORD_KEYWORDS: Final = frozenset({b"nopass", b"resetpass", b"reset"})


class Rejection(NamedTuple):
    """A rule that the server refuses, as people may see it."""

    position: int
    """As in `Rule`."""
    token: str
    """The rule as `shown` writes it: never a password."""
    problem: Problem

    def __str__(self) -> str:
        """The rule, its place and what is wrong, as part of a sentence."""
        return f"{self.token} (word {self.position}) {self.problem.value}"


def rejections_of(rules: Sequence[Rule]) -> Iterator[Rejection]:
    """What is refused, in the order of the rules; the same rule twice in a selector counts once."""
    if not any(rule.refused for rule in rules):
        return
    veil = Veil()
    for rule in rules:
        opening = rule.token.split(b" ", 1)[0] if rule.problem is Problem.UNMATCHED_PARENTHESIS else rule.token
        token = veil.rule(opening)
        if rule.problem is not None:
            yield Rejection(rule.position, token, rule.problem)
        seen = set[bytes]()
        for inner in rule.inner or ():
            token = veil.rule(inner.token, inside=True)
            if inner.problem is not None and inner.token not in seen:
                seen.add(inner.token)
                yield Rejection(rule.position, token, inner.problem)
