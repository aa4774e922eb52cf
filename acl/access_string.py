"""Access strings, parsed as the server parses them.

An access string is a list of ACL rules, applied left to right to a user that starts with nothing
(`ACLSetUser` and `ACLSetSelector` in acl.c of Redis 6.2 and 7.0 and of Valkey 8.1 and 9.1). A server refuses the
whole list for one bad rule; here every bad rule is told, and the others still count, because what an invalid
string would grant once mended is what its author asked for.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple

from acl.bits import bits
from acl.commands import Access, CommandTable
from acl.globs import matches
from elasticache.service import BLOCKED_BY_ELASTICACHE


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


class Rejection(NamedTuple):
    """A rule that the server refuses."""

    position: int
    """Counts the words of the string from 1; for a rule inside a selector, the word with which the selector starts."""
    token: str
    """The rule as `shown` writes it: never a password."""
    problem: Problem

    def __str__(self) -> str:
        """The rule, its place and what is wrong, as part of a sentence."""
        return f"{self.token} (word {self.position}) {self.problem.value}"


@dataclass(slots=True)
class Selector:
    """What one permission list grants: the user's own rules, or those of one `( … )`.

    Lists never combine: a call is allowed when one list alone allows the command, all its keys, all its channels
    and its database.
    """

    commands: int = 0
    """Commands granted outright, as a set of `CommandTable` bits."""
    future: bool = False
    """`+@all` was given: commands that modules add later are granted too."""
    first_arguments: dict[int, dict[bytes, None]] = field(default_factory=dict)
    """Command bit to the first arguments that it is allowed with, in lower case."""
    partly: int = 0
    """The commands in `first_arguments`, as a set."""
    all_keys: bool = False
    key_patterns: dict[bytes, Access] = field(default_factory=dict)
    all_channels: bool = False
    channel_patterns: dict[bytes, None] = field(default_factory=dict)
    channel_rules: bool = False
    """A channel token was given; without one the parameter `acl-pubsub-default` decides."""
    databases: frozenset[int] | None = None
    """Logical databases, None for all (Valkey 9.1)."""
    grants: list[tuple[bytes, int]] = field(default_factory=list, repr=False)
    """The rules that granted commands, in order, each with the commands that it grants."""

    def allow(self, mask: int, token: bytes) -> None:
        """Grant a set of commands outright; the token is the rule that does so."""
        self._forget_first_arguments(mask)
        self.commands |= mask
        self.grants.append((token, mask))

    def allow_with(self, command: int, argument: bytes, token: bytes) -> None:
        """Grant one command (a bit) with one first argument."""
        self.first_arguments.setdefault(command, {})[argument] = None
        self.partly |= 1 << command
        self.grants.append((token, 1 << command))

    def deny(self, mask: int) -> None:
        """Take a set of commands away."""
        self._forget_first_arguments(mask)
        self.commands &= ~mask

    def _forget_first_arguments(self, mask: int) -> None:
        if forgotten := self.partly & mask:
            for command in bits(forgotten):
                del self.first_arguments[command]
            self.partly &= ~mask

    def owed(self, mask: int) -> Iterator[tuple[bytes, int]]:
        """The rules to which the list owes the commands of a set, latest first, each with those that it is owed."""
        wanted = mask & (self.commands | self.partly)
        for token, granted in reversed(self.grants):
            if not wanted:
                return
            if hit := wanted & granted:
                yield token, hit
                wanted &= ~hit

    def allows_command(self, command: int, first_argument: bytes | None = None) -> bool:
        """Whether the command (a bit) is granted, outright or with this first argument."""
        if self.commands >> command & 1:
            return True
        if first_argument is None:
            return False
        return _c_string(first_argument).lower() in self.first_arguments.get(command, {})

    def allows_key(self, key: bytes, needs: Access) -> bool:
        """Whether one key pattern allows everything that the command needs to do with the key."""
        return self.all_keys or any(
            allowed & needs == needs and matches(pattern, key) for pattern, allowed in self.key_patterns.items()
        )

    def allows_channel(self, channel: bytes, *, is_pattern: bool = False) -> bool:
        """Whether the channel is allowed; the pattern of a PSUBSCRIBE must be the very text of a rule."""
        if self.all_channels:
            return True
        if is_pattern:
            return channel in self.channel_patterns
        return any(matches(pattern, channel) for pattern in self.channel_patterns)


@dataclass(frozen=True, slots=True)
class AccessString:
    """An access string with its meaning on one server line. Its repr holds no rule, so no password either."""

    commands: CommandTable = field(repr=False)
    enabled: bool
    """`on` is the last of the tokens `on` and `off`; with neither, ElastiCache users are off."""
    selectors: tuple[Selector, ...] = field(repr=False)
    """The user's own rules first, then each selector in its order."""
    rejections: tuple[Rejection, ...]
    refused_by_elasticache: tuple[str, ...]
    """Tokens that servers accept and ElastiCache documents as refused, as `shown` writes them: passwords, `reset`, and
    grants of commands that it blocks."""

    @property
    def valid(self) -> bool:
        """The server line accepts the string."""
        return not self.rejections

    @property
    def granted(self) -> int:
        """Commands granted outright by any list, with those that every connection may run.

        Commands of modules are among them only where a rule names them or their family, since a cache has them only
        where its engine is new enough.
        """
        core = self.commands.core
        union = self.commands.no_auth
        for selector in self.selectors:
            named = core
            for _, mask in selector.grants:
                if not mask & core:
                    named |= mask
            union |= selector.commands & named
        return union


def parse(text: str, commands: CommandTable) -> AccessString:
    """Parse an access string for the server line of a command table.

    Never raises: what a server would refuse is in `rejections`, and everything else still counts.

    :param text: the string; words are separated by ASCII white space, as ElastiCache documents spaces only.
    :param commands: the commands of the server line, from `commands_of` or `commands_for`.
    """
    parser = _Parser(commands)
    for position, word in _positioned_words(text, parser):
        parser.apply(position, word)
    return AccessString(
        commands=commands,
        enabled=parser.enabled,
        selectors=(parser.root, *parser.selectors),
        rejections=tuple(parser.rejections),
        refused_by_elasticache=tuple(dict.fromkeys(parser.refused)),
    )


def merged_words(text: str, commands: CommandTable) -> Iterator[tuple[int, bytes]]:
    """The rules of a string with their positions, each selector in one piece, as the server line merges them."""
    return _positioned_words(text, _Parser(commands))


def joined(words: Iterable[bytes]) -> str:
    """Rules made into a string again, which has a replacement character for what is no UTF-8."""
    return b" ".join(words).decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode()


def _positioned_words(text: str, parser: "_Parser") -> Iterator[tuple[int, bytes]]:
    words = text.encode("utf-8", "surrogatepass").split()
    return _merge_selectors(words, parser) if parser.commands.syntax.subcommands else enumerate(words, 1)


_LONGEST_SHOWN: Final = 60
_SHOWABLE: Final = re.compile(rb"(?:[-+~%&@()]|db=)[^><#!]*|[A-Za-z]{1,15}", re.IGNORECASE)
PASSWORD_TOKENS: Final = (b">", b"<", b"#", b"!")
_BYTES_SHOWN: Final = 4 * (_LONGEST_SHOWN + 1)  # no letter has more bytes in UTF-8


def shown(token: bytes) -> str:
    """A token as messages may write it: shortened, and without a password.

    Password tokens keep their first character only. A word that looks like no rule at all is described rather than
    quoted, since it may be a password in the wrong place.
    """
    if token.startswith(PASSWORD_TOKENS):
        return f"{token[:1].decode()}[hidden]" if len(token) > 1 else token.decode()
    if not _SHOWABLE.fullmatch(token):
        return f"[a word of {len(token)} characters]"
    text = token[:_BYTES_SHOWN].decode("utf-8", "backslashreplace")
    printable = text if text.isprintable() else "".join(map(_printable, text))
    return printable if len(printable) <= _LONGEST_SHOWN else f"{printable[: _LONGEST_SHOWN - 1]}…"


def _printable(letter: str) -> str:
    return letter if letter.isprintable() else letter.encode("unicode_escape").decode()


class _Refused(Exception):  # noqa: N818 - a signal inside the parser, never seen outside
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class _Parser:
    """Applies rules to the user's own list and to its selectors, as `ACLSetUser` does."""

    def __init__(self, commands: CommandTable) -> None:
        self.commands = commands
        self.enabled = False
        self.root = self._new_selector()
        self.selectors: list[Selector] = []
        self.rejections: list[Rejection] = []
        self.refused: list[str] = []
        self._passwords: set[bytes] = set()

    def _new_selector(self) -> Selector:
        return Selector(all_channels=self.commands.syntax.all_channels_by_default)

    def reject(self, position: int, token: bytes, problem: Problem) -> None:
        self.rejections.append(Rejection(position, shown(token), problem))

    def apply(self, position: int, token: bytes) -> None:
        try:
            self._apply_to_user(position, token)
        except _Refused as refusal:
            self.reject(position, token, refusal.problem)

    def _apply_to_user(self, position: int, token: bytes) -> None:
        word = _c_string(token).lower()
        has_selectors = self.commands.syntax.subcommands
        if word in {b"on", b"off"}:
            self.enabled = word == b"on"
        elif word in {b"sanitize-payload", b"skip-sanitize-payload"}:
            pass
        elif word in {b"nopass", b"resetpass"}:
            self.refused.append(shown(token))
            self._passwords.clear()
        elif token.startswith(PASSWORD_TOKENS):
            self.refused.append(shown(token))
            self._apply_password(token)
        elif word == b"reset":
            self.refused.append(shown(token))
            self.enabled = False
            self._passwords.clear()
            self.root = self._new_selector()
            self.selectors.clear()
        elif has_selectors and token.startswith(b"(") and token.endswith(b")"):
            self._add_selector(position, token)
        elif has_selectors and word == b"clearselectors":
            self.selectors.clear()
        else:
            self._apply_rule(self.root, token)

    def _apply_password(self, token: bytes) -> None:
        kind, rest = token[:1], token[1:]
        if kind in b"#!" and not _HASH.fullmatch(rest):
            raise _Refused(Problem.PASSWORD_HASH)
        password_hash = rest if kind in b"#!" else hashlib.sha256(rest).hexdigest().encode()
        if kind in b">#":
            self._passwords.add(password_hash)
        elif password_hash in self._passwords:
            self._passwords.remove(password_hash)
        else:
            raise _Refused(Problem.UNKNOWN_PASSWORD)

    def _add_selector(self, position: int, token: bytes) -> None:
        selector = self._new_selector()
        told = set[bytes]()
        for rule in split_quoted(token[1:-1], glued=self.commands.syntax.glued_quotes):
            try:
                self._apply_rule(selector, rule)
            except _Refused as refusal:
                if rule not in told:
                    told.add(rule)
                    self.reject(position, rule, refusal.problem)
        self.selectors.append(selector)

    def _apply_rule(self, selector: Selector, token: bytes) -> None:
        word = _c_string(token).lower()
        match token[:1]:
            case b"+" | b"-":
                self._apply_command_rule(selector, word)
            case b"~" | b"%":
                self._apply_key_rule(selector, token, word)
            case b"&":
                self._apply_channel_rule(selector, token, word)
            case _:
                self._apply_keyword(selector, word)

    def _apply_keyword(self, selector: Selector, word: bytes) -> None:
        if not word.startswith(_KEYWORD_STARTS):
            raise _Refused(Problem.SYNTAX)
        match word:
            case b"allkeys":
                selector.all_keys = True
                selector.key_patterns.clear()
            case b"resetkeys":
                selector.all_keys = False
                selector.key_patterns.clear()
            case b"allchannels" | b"resetchannels":
                selector.channel_rules = True
                selector.all_channels = word == b"allchannels"
                selector.channel_patterns.clear()
            case b"allcommands" | b"nocommands":
                self._set_all(selector, granted=word == b"allcommands")
            case b"alldbs" if self.commands.syntax.databases:
                selector.databases = None
            case b"resetdbs" if self.commands.syntax.databases:
                selector.databases = frozenset()
            case _ if word.startswith(b"db=") and self.commands.syntax.databases:
                selector.databases = _databases(word[3:])
            case _:
                raise _Refused(Problem.SYNTAX)

    def _set_all(self, selector: Selector, *, granted: bool) -> None:
        selector.commands = self.commands.all if granted else 0
        selector.future = granted
        selector.first_arguments.clear()
        selector.partly = 0
        selector.grants[:] = [(b"+@all", self.commands.all)] if granted else []

    def _apply_key_rule(self, selector: Selector, token: bytes, word: bytes) -> None:
        if word == b"~*":
            selector.all_keys = True
            selector.key_patterns.clear()
            return
        if word.startswith(b"%") and not self.commands.syntax.subcommands:
            raise _Refused(Problem.SYNTAX)
        if selector.all_keys:
            raise _Refused(Problem.AFTER_ALL_KEYS)
        if word.startswith(b"%"):
            direction = _KEY_DIRECTION.match(token)
            if direction is None:
                raise _Refused(Problem.SYNTAX)
            allowed = _DIRECTIONS[bytes(sorted(direction[1].upper()))]
            pattern = token[direction.end() :]
        else:
            allowed = Access.BOTH
            pattern = token[1:]
        if _SPACES.search(pattern):
            raise _Refused(Problem.SYNTAX)
        before = selector.key_patterns.get(pattern)
        selector.key_patterns[pattern] = allowed if before is None else before | allowed

    def _apply_channel_rule(self, selector: Selector, token: bytes, word: bytes) -> None:
        if word == b"&*":
            selector.channel_rules = selector.all_channels = True
            selector.channel_patterns.clear()
        elif selector.all_channels:
            raise _Refused(Problem.AFTER_ALL_CHANNELS)
        elif _SPACES.search(token):
            raise _Refused(Problem.SYNTAX)
        else:
            selector.channel_rules = True
            selector.channel_patterns[token[1:]] = None

    def _apply_command_rule(self, selector: Selector, word: bytes) -> None:
        grant = word.startswith(b"+")
        name = word[1:].decode("utf-8", "surrogateescape")
        if grant and name in BLOCKED_BY_ELASTICACHE:
            self.refused.append(shown(word))
        if name == "@all":
            self._set_all(selector, granted=grant)
            return
        if name.startswith("@"):
            mask = self.commands.categories.get(name[1:], 0)
            if name[1:] not in self.commands.categories:
                raise _Refused(Problem.UNKNOWN_NAME)
        elif grant and "|" in name:
            self._allow_part(selector, name)
            return
        else:
            mask = self._lookup(name)
        if grant:
            selector.allow(mask, word)
        else:
            selector.deny(mask)

    def _lookup(self, name: str) -> int:
        """The commands that a name stands for: itself, or all subcommands of a container."""
        position = self.commands.index.get(name)
        if position is not None:
            return 1 << position
        if name in self.commands.containers:
            return self.commands.containers[name]
        raise _Refused(Problem.UNKNOWN_NAME)

    def _allow_part(self, selector: Selector, name: str) -> None:
        """`+config|get`, or `+select|0`: 6.2 splits at the first bar, later servers at the last."""
        subcommands = self.commands.syntax.subcommands
        command, _, part = name.rpartition("|") if subcommands else name.partition("|")
        mask = self._lookup(command)
        if subcommands and "|" in command:
            raise _Refused(Problem.SUBCOMMAND_ARGUMENT)
        if not part:
            raise _Refused(Problem.SYNTAX)
        if command in self.commands.containers:
            selector.allow(self._lookup(name), f"+{name}".encode("utf-8", "surrogateescape"))
        elif not selector.commands & mask:
            argument = part.encode("utf-8", "surrogateescape")
            selector.allow_with(mask.bit_length() - 1, argument, f"+{name}".encode("utf-8", "surrogateescape"))


_KEYWORD_STARTS: Final = (b"all", b"reset", b"nocommands", b"db=")
_HASH: Final = re.compile(rb"[0-9a-f]{64}")
_SPACES: Final = re.compile(rb"[\x00\t-\r ]")
_KEY_DIRECTION: Final = re.compile(rb"%(r|w|rw|wr)(?:~|\Z)", re.IGNORECASE)
_DIRECTIONS: Final = {b"R": Access.READ, b"W": Access.WRITE, b"RW": Access.BOTH}
_DATABASE: Final = re.compile(rb"[\t-\r ]*([+-]?)0*([0-9]+)")
_LARGEST_DATABASE: Final = 2**31 - 1
_MOST_DATABASE_DIGITS: Final = 10


def _c_string(token: bytes) -> bytes:
    """Keywords and names are compared as C strings, which end at a NUL."""
    return token.split(b"\0", 1)[0] if b"\0" in token else token


def _databases(text: bytes) -> frozenset[int]:
    numbers = set()
    for part in text.split(b","):
        number = _DATABASE.fullmatch(part)
        if number is None:
            raise _Refused(Problem.SYNTAX)
        sign, digits = number[1], number[2]
        value = int(digits) if len(digits) <= _MOST_DATABASE_DIGITS else _LARGEST_DATABASE + 1
        if value > _LARGEST_DATABASE or (value and sign == b"-"):
            raise _Refused(Problem.DATABASE_RANGE)
        numbers.add(value)
    return frozenset(numbers)


def _merge_selectors(words: list[bytes], parser: _Parser) -> Iterator[tuple[int, bytes]]:
    """Join the words from one that starts with `(` to the next that ends with `)` (`ACLMergeSelectorArguments`)."""
    start, parts = 0, list[bytes]()
    for position, word in enumerate(words, 1):
        opens = word.startswith(b"(") and not word.endswith(b")")
        if parts and not (opens and parser.commands.syntax.restarted_selectors):
            parts.append(_c_string(word))
            if word.endswith(b")"):
                yield start, b" ".join(parts)
                parts = []
        elif opens:
            start, parts = position, [word]
        else:
            yield position, word
    if parts:
        parser.reject(start, parts[0], Problem.UNMATCHED_PARENTHESIS)
        yield start, b" ".join(parts) + b")"


_ESCAPES: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"a": b"\a"}
_QUOTED_PART: Final = re.compile(
    rb"""
      (?P<double> " (?: [^"\\\0] | \\[^\0] )*+ " (?= [\s\0] | \Z ) )
    | (?P<single> ' (?: [^'\\\0] | \\'? )*+ ' (?= [\s\0] | \Z ) )
    | (?P<bad> ["'] )
    | (?P<plain> [^\x20\n\r\t\0"']+ )
    """,
    re.VERBOSE | re.DOTALL,
)
# From 9.1 on a quote that is the very last character closes, even behind a backslash.
_GLUED_PART: Final = re.compile(
    rb"""
      (?P<double> " (?: [^"\\\0] | \\[^\0](?!\Z) | \\(?=.\Z) )*+ " )
    | (?P<single> ' (?: [^'\\\0] | \\'(?!\Z) | \\ )*+ ' )
    | (?P<bad> ["'] )
    | (?P<plain> [^\x20\n\r\t\0"']+ )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|(.))", re.DOTALL)


_NEEDS_CARE: Final = re.compile(rb"""["'\0\x0b\x0c]""")


def split_quoted(line: bytes, *, glued: bool) -> list[bytes]:
    """Split the inside of a selector as the server does (`sdssplitargs`): quotes and escapes are decoded there.

    Unbalanced quotes give no rules at all, as on the server, which then makes an empty selector.
    """
    if not _NEEDS_CARE.search(line):
        return line.split()
    part_at = (_GLUED_PART if glued else _QUOTED_PART).match
    end = len(_c_string(line))
    if not glued:
        line = line[:end]
    rules: list[bytes] = []
    position = 0
    while True:
        while position < end and line[position : position + 1].isspace():
            position += 1
        if position >= end:
            return rules
        parts: list[bytes] = []
        while position < len(line) and (part := part_at(line, position)):
            position = part.end()
            if part["bad"]:
                return []
            if part["plain"] is not None:
                parts.append(part["plain"])
                continue
            quoted = part[0][1:-1]
            parts.append(_ESCAPE.sub(_unescape, quoted) if part["double"] is not None else quoted.replace(rb"\'", b"'"))
            if not glued:
                break  # a closing quote ends the rule
        rules.append(b"".join(parts))


def _unescape(escape: re.Match[bytes]) -> bytes:
    if escape[1] is not None:
        return bytes.fromhex(escape[1].decode())
    return _ESCAPES.get(escape[2], escape[2])
