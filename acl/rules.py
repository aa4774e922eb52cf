"""The rules of an access string, each with its place and with what is wrong with it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from acl.hiding import PASSWORD_MARKS, Suspicion, shown, suspicion_after
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


@dataclass(slots=True, repr=False)
class Rule:
    """One rule, with what is wrong with it where it stands. Several strings may share it, so it is not changed."""

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
        if self.problem is not None or self.inner is None:
            return self.problem is not None
        return any(rule.problem is not None for rule in self.inner)

    @property
    def about_passwords(self) -> bool:
        """It is about how the user logs in, and not about what it may do; `reset` forgets the passwords, too."""
        if self.token.startswith(PASSWORD_MARKS):
            return True
        return self.token[:1] in _KEYWORDS_BEGIN and c_string(self.token).lower() in _PASSWORD_KEYWORDS

    @property
    def command_granted(self) -> str | None:
        """The command, subcommand or category that the rule grants by name; None where it grants none."""
        if not self.token.startswith(b"+"):
            return None
        return c_string(self.token)[1:].lower().decode("utf-8", "surrogateescape")


_PASSWORD_KEYWORDS: Final = frozenset({b"nopass", b"resetpass", b"reset"})
_KEYWORDS_BEGIN: Final = frozenset({b"n", b"N", b"r", b"R"})
"""Most rules need no closer look."""


@dataclass(slots=True, repr=False)
class Rejection:
    """A rule that the server refuses, as people may see it."""

    position: int
    """As in `Rule`."""
    problem: Problem
    _rule: bytes
    _suspicion: Suspicion

    @property
    def token(self) -> str:
        """The rule as `shown` writes it: never a password."""
        return shown(self._rule, self._suspicion)

    def __str__(self) -> str:
        """The rule, its place and what is wrong, as part of a sentence."""
        return f"{self.token} (word {self.position}) {self.problem.value}"

    def __repr__(self) -> str:
        """As people may see it, too."""
        return f"Rejection({self})"


def rejections_of(rules: Iterable[Rule]) -> Iterator[Rejection]:
    """What is refused, in the order of the rules; the same rule twice in a selector counts once."""
    suspicion, before, position = Suspicion.NONE, None, 1
    for rule in rules:
        if before is not None:
            suspicion = suspicion_after(before.token, suspicion, refused=before.problem is not None)
        if rule.position > position and suspicion is Suspicion.NONE:
            suspicion = Suspicion.BARE_WORDS  # a server that drops words drops passwords, too
        before, position = rule, rule.position + rule.token.count(b" ") + 1
        if rule.problem is not None:
            opening = rule.token.split(b" ", 1)[0] if rule.problem is Problem.UNMATCHED_PARENTHESIS else rule.token
            yield Rejection(rule.position, rule.problem, opening, suspicion)
        inside = Suspicion.BARE_WORDS
        seen = set[bytes]()
        for inner in rule.inner or ():
            if inner.problem is not None and inner.token not in seen:
                seen.add(inner.token)
                yield Rejection(rule.position, inner.problem, inner.token, inside)
            inside = Suspicion.ANY_WORD if inner.token in PASSWORD_MARKS else Suspicion.BARE_WORDS
