"""`python -m audit explain`: what an access string lets its owner do, in plain words or as JSON."""

import argparse
import json
import sys
import textwrap
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from acl.access_string import AccessString, parse
from acl.clients import client_named, judge
from acl.commands import Access, typed
from acl.effect import Effect, effect_of
from acl.hiding import echo, printable, shown
from acl.idle_words import idle_words
from acl.key_conventions import FAMILIES, families_reached
from acl.narrower import narrower
from acl.selector import Selector
from audit.output import complain
from elasticache.service import commands_for, further_tables_for, refused_words

_WIDTH = 100
_LONGEST_ECHO = 500
_MOST_COMMANDS = 6
_MOST_REFUSED = 5
_MOST_PATTERNS = 6
_MOST_LISTS = 6
_MOST_IDLE = 10
_DIRECTIONS = {Access.READ: " (to read)", Access.WRITE: " (to write)", Access.BOTH: ""}


def run(arguments: argparse.Namespace) -> int:
    """Explain each string; returns 1 where a server or ElastiCache refuses one of them."""
    if arguments.client is not None:
        try:
            client_named(arguments.client)
        except KeyError as mistake:
            complain(mistake.args[0])
            return 2
    if hint := _unquoted(arguments.string):
        complain(hint)
    table = commands_for(arguments.engine)
    read = [(text, parse(text, table)) for text in arguments.string]
    if arguments.json:
        documents = [_document(text, access, arguments.client) for text, access in read]
        print(json.dumps(documents[0] if len(documents) == 1 else documents, indent=2))
    else:
        answer = "\n\n".join("\n".join(_lines(text, access, arguments.client)) for text, access in read)
        encoding = sys.stdout.encoding or "utf-8"
        print(answer.encode(encoding, "backslashreplace").decode(encoding))
    return int(any(not access.valid or refused_words(access) for _, access in read))


def _unquoted(strings: Sequence[str]) -> str:
    """A hint where one string, written without quotes, came as several; empty where it did not."""
    words = all(len(text.split()) == 1 for text in strings) and strings[0].lower() in {"on", "off"}
    if words and any(text[0] in "+-~%&" for text in strings[1:]):
        return (
            f"{len(strings)} access strings are explained, one for each word; put a string in quotes to have it whole"
        )
    return ""


def document(text: str, engine: str) -> dict[str, Any]:
    """The answer as JSON: one object, whose keys programs rely on."""
    return _document(text, parse(text, commands_for(engine)), client=None)


def _document(text: str, access: AccessString, client: str | None) -> dict[str, Any]:
    """The same, for a string that is parsed already.

    :param client: a name of `acl.clients.clients`, to say what that client could do.
    """
    table = access.table
    effect = effect_of(access)
    reached = families_reached({pattern for selector in access.selectors for pattern in _patterns_granted(selector)})
    return {
        "access_string": echo(text),
        "engine": table.line.engine,
        "valid": access.valid,
        "error": _rejections(access) or None,
        "refused_by_elasticache": [*refused_words(access)],
        "enabled": access.enabled,
        "capabilities": [*effect.commands_by_capability],
        "blocked_by_elasticache": [*effect.in_name_only],
        "every_key": effect.every_key,
        "key_conventions_reached": [family.id for family in reached],
        "key_conventions_missed": [family.id for family in FAMILIES if family not in reached],
        "broad": effect.broad,
        "commands": [*table.names_in(access.granted)],
        "undecided": [*effect.undecided],
        "changes_nothing": [word._asdict() for word in idle_words(access)],
        "narrower": _suggestion(access),
        "client": None if client is None else {"name": client, **judge(client, access)._asdict()},
    }


def lines(text: str, engine: str) -> Iterator[str]:
    """The answer for people, worst first."""
    return _lines(text, parse(text, commands_for(engine)), client=None)


def _lines(text: str, access: AccessString, client: str | None) -> Iterator[str]:
    """The same, for a string that is parsed already; `client` as for `_document`."""
    effect = effect_of(access)
    given = printable(" ".join(echo(text).split()))
    yield given if len(given) <= _LONGEST_ECHO else f"{given[:_LONGEST_ECHO]}… ({len(text)} characters)"
    for sentence in (*_standing(access), *_lists(access)):
        yield from _wrapped(sentence)
    powers = [*_powers(effect)]
    yield "  This user can" if powers else "  This user can do nothing that reaches beyond its own keys and channels."
    for item in powers:
        yield from textwrap.wrap(item, _WIDTH, initial_indent="    - ", subsequent_indent="      ")
    for sentence in (*_remarks(effect), *(() if client is None else _as_client(client, access))):
        yield from _wrapped(sentence)
    if (suggestion := _suggestion(access)) is not None:
        yield from _wrapped("The same keys and data commands, without what reaches beyond them:")
        yield f"    {printable(suggestion)}"


def _suggestion(access: AccessString) -> str | None:
    return narrower(access, others=further_tables_for(access.table.line.engine))


def _as_client(name: str, access: AccessString) -> Iterator[str]:
    """What a client library could do, by what it was seen doing."""
    client, verdict = client_named(name), judge(name, access)
    title = f"{client.title} {client.version}"
    if verdict.connects:
        yield f"{title} connects."
    else:
        yield f"{title} does not connect without {_capitals(verdict.lacks_to_connect)}."
    if verdict.goes_on_without:
        yield f"It tries {_capitals(verdict.goes_on_without)} and goes on without."
    if verdict.refused:
        yield f"Of its typical work, it may not run {_capitals(verdict.refused)}."
    if verdict.keys_refused:
        yield f"Of its own keys, it may not do its work on {_counted([*verdict.keys_refused])}."
    if verdict.connects and not verdict.refused and not verdict.keys_refused:
        yield f"Nothing of its typical work is refused ({client.work})."


def _capitals(commands: Sequence[str]) -> str:
    return _counted([typed(command) for command in commands])


def _counted(names: Sequence[str]) -> str:
    more = len(names) - _MOST_COMMANDS
    return f"{', '.join(names[:_MOST_COMMANDS])}{f' and {more} more' if more > 0 else ''}"


def _patterns_granted(selector: Selector) -> Iterator[bytes]:
    """The key patterns of a list that grants commands; `*` where it has all keys."""
    if selector.commands or selector.partly:
        yield from (b"*",) if selector.all_keys else selector.key_patterns


def _rejections(access: AccessString) -> str:
    named = "; ".join(str(rejection) for rejection in access.rejections[:_MOST_REFUSED])
    more = len(access.rejections) - _MOST_REFUSED
    return f"{named}; and {more} more" if more > 0 else named


def _standing(access: AccessString) -> Iterator[str]:
    """Whether the string is accepted, and the user on."""
    yield f"Judged by the commands of {access.table.line.title}."
    if not access.valid:
        yield f"The server refuses this string: {_rejections(access)}. What follows is what the rest would grant."
    if refused := refused_words(access):
        yield f"ElastiCache refuses, by its documentation: {', '.join(refused)}."
    if not access.enabled:
        yield "The user is off and cannot log in. What follows is what it could do once switched on."


def _remarks(effect: Effect) -> Iterator[str]:
    access = effect.access_string
    if effect.broad:
        yield "It is broad: it reads and writes practically every key and can act on the whole cache."
    reasons = effect.undecided
    refused = {str(rejection) for rejection in access.rejections[: len(reasons)]}
    for reason in reasons:
        if reason not in refused:
            yield f"Undecided, and counted as granted where it could be: {reason}."
    idle = idle_words(access)
    for word in idle[:_MOST_IDLE]:
        yield f"{word.word} changes nothing: {word.reason}."
    if (more := len(idle) - _MOST_IDLE) > 0:
        yield f"{'1 more word changes' if more == 1 else f'{more} more words change'} nothing."


def _lists(access: AccessString) -> Iterator[str]:
    for selector in access.selectors[:_MOST_LISTS]:
        yield _granted(selector, access)
    if (more := len(access.selectors) - _MOST_LISTS) > 0:
        yield f"There {'is 1 more selector' if more == 1 else f'are {more} more selectors'}."


def _granted(selector: Selector, access: AccessString) -> str:
    """One list of rules in a sentence: how many commands, on which keys."""
    own = selector is access.selectors[0]
    granted_to_some = access.table.core & ~access.table.no_auth
    outright = (selector.commands & granted_to_some).bit_count()
    partly = f" and {len(selector.first_arguments)} with a fixed first argument" if selector.first_arguments else ""
    keys = "every key" if selector.all_keys else _patterns(selector)
    return (
        f"{'Its own rules grant' if own else 'A selector grants'} {outright} of {granted_to_some.bit_count()} commands"
        f"{partly}, and {keys}."
    )


def _patterns(selector: Selector) -> str:
    if not selector.key_patterns:
        return "no key"
    named = [
        (shown(b"~" + pattern).removeprefix("~") or "with an empty name") + _DIRECTIONS[allowed]
        for pattern, allowed in islice(selector.key_patterns.items(), _MOST_PATTERNS)
    ]
    more = len(selector.key_patterns) - len(named)
    return f"the keys {', '.join(named)}{f' and {more} more patterns' if more else ''}"


def _powers(effect: Effect) -> Iterator[str]:
    """The capabilities that are held, worst first, and last those that no cache bears out."""
    held = [row for row in effect.capabilities.worst_first if row.id in effect.commands_by_capability]
    for row in sorted(held, key=lambda row: row.id in effect.in_name_only):
        rules = ", ".join(effect.rules_behind(row.id)[:_MOST_COMMANDS])
        blocked = (
            "; ElastiCache blocks these commands, or is not known to run them" if row.id in effect.in_name_only else ""
        )
        yield f"{row.summary}: {_capitals(effect.commands_by_capability[row.id])}, by {rules}{blocked}"


def _wrapped(sentence: str) -> list[str]:
    return textwrap.wrap(sentence, _WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False)
