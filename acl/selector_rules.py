"""What each rule does to one list, as servers do it (`ACLSetSelector` in acl.c)."""

import re
from typing import Final

from acl.commands import Access, CommandTable
from acl.rules import Problem
from acl.selector import Selector
from acl.words import c_string


class RefusedError(Exception):
    """The server refuses the rule, which then changes nothing."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def apply_rule(selector: Selector, token: bytes, table: CommandTable) -> None:
    """Apply a rule about commands, keys, channels or databases to a list.

    :raises RefusedError: the server line of the table refuses it.
    """
    word = c_string(token).lower()
    match token[:1]:
        case b"+" | b"-":
            _apply_command_rule(selector, word, table)
        case b"~" | b"%":
            _apply_key_rule(selector, token, word, table)
        case b"&":
            _apply_channel_rule(selector, token, word)
        case _:
            _apply_keyword(selector, word, table)


def _apply_keyword(selector: Selector, word: bytes, table: CommandTable) -> None:
    if not word.startswith(_KEYWORD_STARTS):
        raise RefusedError(Problem.SYNTAX)
    has_databases = table.syntax.databases
    match word:
        case b"allkeys":
            selector.allow_every_key()
        case b"resetkeys":
            selector.forget_keys()
        case b"allchannels" | b"resetchannels":
            selector.set_channels(every=word == b"allchannels")
        case b"allcommands" | b"nocommands":
            _set_all(selector, table, granted=word == b"allcommands")
        case b"alldbs" if has_databases:
            selector.databases = None
        case b"resetdbs" if has_databases:
            selector.databases = frozenset()
        case _ if word.startswith(b"db=") and has_databases:
            selector.databases = _databases(word[3:])
        case _:
            raise RefusedError(Problem.SYNTAX)


_KEYWORD_STARTS: Final = (b"all", b"reset", b"nocommands", b"db=")
"""Most bare words are none, and are refused at once."""


def _set_all(selector: Selector, table: CommandTable, *, granted: bool) -> None:
    if granted:
        selector.set_all(table.all, b"+@all")
    else:
        selector.set_all(0, None)


def _apply_key_rule(selector: Selector, token: bytes, word: bytes, table: CommandTable) -> None:
    if word == b"~*":
        selector.allow_every_key()
        return
    if word.startswith(b"%") and not table.syntax.subcommands:
        raise RefusedError(Problem.SYNTAX)
    if selector.all_keys:
        raise RefusedError(Problem.AFTER_ALL_KEYS)
    if word.startswith(b"%"):
        direction = _KEY_DIRECTION.match(token)
        if direction is None:
            raise RefusedError(Problem.SYNTAX)
        allowed = _DIRECTIONS[bytes(sorted(direction[1].upper()))]
        pattern = token[direction.end() :]
    else:
        allowed = Access.BOTH
        pattern = token[1:]
    if _SPACES.search(pattern):
        raise RefusedError(Problem.SYNTAX)
    selector.allow_keys(pattern, allowed)


_SPACES: Final = re.compile(rb"[\x00\t-\r ]")
_KEY_DIRECTION: Final = re.compile(rb"%(r|w|rw|wr)(?:~|\Z)", re.IGNORECASE)
_DIRECTIONS: Final = {b"R": Access.READ, b"W": Access.WRITE, b"RW": Access.BOTH}


def _apply_channel_rule(selector: Selector, token: bytes, word: bytes) -> None:
    if word == b"&*":
        selector.set_channels(every=True)
    elif selector.all_channels:
        raise RefusedError(Problem.AFTER_ALL_CHANNELS)
    elif _SPACES.search(token):
        raise RefusedError(Problem.SYNTAX)
    else:
        selector.allow_channels(token[1:])


def _apply_command_rule(selector: Selector, word: bytes, table: CommandTable) -> None:
    granted = word.startswith(b"+")
    name = word[1:].decode("utf-8", "surrogateescape")
    if name == "@all":
        _set_all(selector, table, granted=granted)
        return
    if name.startswith("@"):
        if name[1:] not in table.categories:
            raise RefusedError(Problem.UNKNOWN_NAME)
        mask = table.categories[name[1:]]
    elif granted and "|" in name:
        _allow_part(selector, name, table)
        return
    else:
        mask = _commands_named(name, table)
    if granted:
        selector.allow(mask, word)
    else:
        selector.deny(mask)


def _commands_named(name: str, table: CommandTable) -> int:
    """The commands that a name stands for: itself, or all subcommands of a container."""
    position = table.index.get(name)
    if position is not None:
        return 1 << position
    if name in table.containers:
        return table.containers[name]
    raise RefusedError(Problem.UNKNOWN_NAME)


def _allow_part(selector: Selector, name: str, table: CommandTable) -> None:
    """`+config|get`, or `+select|0`: 6.2 splits at the first bar, later servers at the last."""
    subcommands = table.syntax.subcommands
    command, _, part = name.rpartition("|") if subcommands else name.partition("|")
    mask = _commands_named(command, table)
    if subcommands and "|" in command:
        raise RefusedError(Problem.SUBCOMMAND_ARGUMENT)
    if not part:
        raise RefusedError(Problem.SYNTAX)
    token = f"+{name}".encode("utf-8", "surrogateescape")
    if command in table.containers:
        selector.allow(_commands_named(name, table), token)
    elif not selector.commands & mask:
        selector.allow_with(mask.bit_length() - 1, part.encode("utf-8", "surrogateescape"), token)


def _databases(text: bytes) -> frozenset[int]:
    numbers = set()
    for part in text.split(b","):
        number = _DATABASE.fullmatch(part)
        if number is None:
            raise RefusedError(Problem.SYNTAX)
        sign, digits = number[1], number[2]
        value = int(digits) if len(digits) <= _MOST_DATABASE_DIGITS else _LARGEST_DATABASE + 1
        if value > _LARGEST_DATABASE or (value and sign == b"-"):
            raise RefusedError(Problem.DATABASE_RANGE)
        numbers.add(value)
    return frozenset(numbers)


_DATABASE: Final = re.compile(rb"[\t-\r ]*([+-]?)0*([0-9]+)")
_LARGEST_DATABASE: Final = 2**31 - 1
_MOST_DATABASE_DIGITS: Final = 10
