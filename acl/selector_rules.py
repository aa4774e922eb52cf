"""What each rule does to one list, as servers do it (`ACLSetSelector` in acl.c)."""

import re
from functools import cache
from typing import Final

from acl.commands import Access, CommandTable
from acl.rules import Problem
from acl.selector import Selector
from acl.words import c_string


def apply_rule(selector: Selector, token: bytes, table: CommandTable) -> Problem | None:
    """Apply a rule about commands, keys, channels or databases to a list.

    :returns: why the server line of the table refuses it; then it changes nothing.
    """
    word = c_string(token).lower()
    match token[:1]:
        case b"+" | b"-":
            return _apply_command_rule(selector, word, table)
        case b"~" | b"%":
            return _apply_key_rule(selector, token, word, table)
        case b"&":
            return _apply_channel_rule(selector, token, word)
        case _:
            return _apply_keyword(selector, word, table)


def _apply_keyword(selector: Selector, word: bytes, table: CommandTable) -> Problem | None:
    if not word.startswith(_KEYWORD_STARTS):
        return Problem.SYNTAX
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
            return _limit_databases(selector, word[3:])
        case _:
            return Problem.SYNTAX
    return None


_KEYWORD_STARTS: Final = (b"all", b"reset", b"nocommands", b"db=")
"""Most bare words are none, and are refused at once."""


def _set_all(selector: Selector, table: CommandTable, *, granted: bool) -> None:
    if granted:
        selector.set_all(table.all, b"+@all")
    else:
        selector.set_all(0, None)


def _apply_key_rule(selector: Selector, token: bytes, word: bytes, table: CommandTable) -> Problem | None:
    if word == b"~*":
        selector.allow_every_key()
        return None
    if word.startswith(b"%") and not table.syntax.subcommands:
        return Problem.SYNTAX
    if selector.all_keys:
        return Problem.AFTER_ALL_KEYS
    if word.startswith(b"%"):
        direction = _key_direction().match(token)
        if direction is None:
            return Problem.SYNTAX
        allowed = _DIRECTIONS[bytes(sorted(direction[1].upper()))]
        pattern = token[direction.end() :]
    else:
        allowed = Access.BOTH
        pattern = token[1:]
    if _spaces().search(pattern):
        return Problem.SYNTAX
    selector.allow_keys(pattern, allowed)
    return None


_DIRECTIONS: Final = {b"R": Access.READ, b"W": Access.WRITE, b"RW": Access.BOTH}


def _apply_channel_rule(selector: Selector, token: bytes, word: bytes) -> Problem | None:
    if word == b"&*":
        selector.set_channels(every=True)
    elif selector.all_channels:
        return Problem.AFTER_ALL_CHANNELS
    elif _spaces().search(token):
        return Problem.SYNTAX
    else:
        selector.allow_channels(token[1:])
    return None


def _apply_command_rule(selector: Selector, word: bytes, table: CommandTable) -> Problem | None:
    granted = word.startswith(b"+")
    name = word[1:].decode("utf-8", "surrogateescape")
    if name == "@all":
        _set_all(selector, table, granted=granted)
        return None
    if granted and "|" in name and not name.startswith("@"):
        return _allow_part(selector, name, table)
    mask = table.categories.get(name[1:]) if name.startswith("@") else _commands_named(name, table)
    if mask is None:
        return Problem.UNKNOWN_NAME
    if granted:
        selector.allow(mask, word)
    else:
        selector.deny(mask)
    return None


def _commands_named(name: str, table: CommandTable) -> int | None:
    """The commands that a name stands for: itself, or all subcommands of a container; None where it is not known."""
    position = table.index.get(name)
    return table.containers.get(name) if position is None else 1 << position


def _allow_part(selector: Selector, name: str, table: CommandTable) -> Problem | None:
    """`+config|get`, or `+select|0`: 6.2 splits at the first bar, later servers at the last."""
    subcommands = table.syntax.subcommands
    command, _, part = name.rpartition("|") if subcommands else name.partition("|")
    mask = _commands_named(command, table)
    if mask is None:
        return Problem.UNKNOWN_NAME
    if subcommands and "|" in command:
        return Problem.SUBCOMMAND_ARGUMENT
    if not part:
        return Problem.SYNTAX
    token = f"+{name}".encode("utf-8", "surrogateescape")
    if command in table.containers:
        named = _commands_named(name, table)
        if named is None:
            return Problem.UNKNOWN_NAME
        selector.allow(named, token)
    elif not selector.commands & mask:
        selector.allow_with(mask.bit_length() - 1, part.encode("utf-8", "surrogateescape"), token)
    return None


def _limit_databases(selector: Selector, text: bytes) -> Problem | None:
    numbers = set()
    for part in text.split(b","):
        number = _database().fullmatch(part)
        if number is None:
            return Problem.SYNTAX
        sign, digits = number[1], number[2]
        value = int(digits) if len(digits) <= _MOST_DATABASE_DIGITS else _LARGEST_DATABASE + 1
        if value > _LARGEST_DATABASE or (value and sign == b"-"):
            return Problem.DATABASE_RANGE
        numbers.add(value)
    selector.databases = frozenset(numbers)
    return None


_LARGEST_DATABASE: Final = 2**31 - 1
_MOST_DATABASE_DIGITS: Final = 10


# Compiled with the first string that needs them, and not with every start.
@cache
def _spaces() -> re.Pattern[bytes]:
    return re.compile(rb"[\x00\t-\r ]")


@cache
def _key_direction() -> re.Pattern[bytes]:
    return re.compile(rb"%(r|w|rw|wr)(?:~|\Z)", re.IGNORECASE)


@cache
def _database() -> re.Pattern[bytes]:
    return re.compile(rb"[\t-\r ]*([+-]?)0*([0-9]+)")
