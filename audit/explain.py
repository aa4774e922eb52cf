"""`python -m audit explain`: what an access string lets its owner do, in plain words or as JSON."""

import argparse
import json
import textwrap
from collections.abc import Iterator
from typing import Any

from elasticache.access_string import AccessString, Selector, parse, shown, without_passwords
from elasticache.capabilities import CAPABILITIES, WORST_FIRST
from elasticache.commands import Access, commands_for
from elasticache.effect import Effect, effect_of
from elasticache.idle_words import idle_words
from elasticache.narrower import narrower

_WIDTH = 100
_MOST_COMMANDS = 6
_MOST_TOLD = 5
_MOST_PATTERNS = 6
_DIRECTIONS = {Access.READ: " (to read)", Access.WRITE: " (to write)", Access.BOTH: ""}


def run(arguments: argparse.Namespace) -> int:
    """Explain each string; always exits 0, since a question has no wrong answer."""
    if arguments.json:
        documents = [document(text, arguments.engine) for text in arguments.string]
        print(json.dumps(documents[0] if len(documents) == 1 else documents, indent=2))
    else:
        print("\n\n".join("\n".join(lines(text, arguments.engine)) for text in arguments.string))
    return 0


def document(text: str, engine: str) -> dict[str, Any]:
    """The answer as JSON, by the contract of docs/audit.md."""
    table = commands_for(engine)
    access = parse(text, table)
    effect = effect_of(access)
    return {
        "access_string": without_passwords(text),
        "engine": engine,
        "valid": access.valid,
        "error": "; ".join(str(rejection) for rejection in access.rejections) or None,
        "refused_by_elasticache": [*access.refused_by_elasticache],
        "enabled": access.enabled,
        "capabilities": [*effect.commands],
        "blocked_by_elasticache": [*effect.blocked_by_elasticache],
        "every_key": effect.every_key,
        "broad": effect.broad,
        "commands": [*table.names_in(access.granted)],
        "undecided": [*effect.undecided],
        "changes_nothing": [word._asdict() for word in idle_words(text, table)],
        "narrower": narrower(text, table),
    }


def lines(text: str, engine: str) -> Iterator[str]:
    """The answer for people, worst first."""
    table = commands_for(engine)
    access = parse(text, table)
    effect = effect_of(access)
    yield without_passwords(text)
    for sentence in (*_standing(access), *(_granted(selector, access) for selector in access.selectors)):
        yield from _wrapped(sentence)
    powers = [*_powers(effect)]
    yield "  This user can" if powers else "  This user can do nothing that reaches beyond its own keys and channels."
    for item in powers:
        yield from textwrap.wrap(item, _WIDTH, initial_indent="    - ", subsequent_indent="      ")
    for sentence in _remarks(text, effect):
        yield from _wrapped(sentence)
    if (suggestion := narrower(text, table)) is not None:
        yield from _wrapped("The same keys and data commands, without what reaches beyond them:")
        yield f"    {suggestion}"


def _standing(access: AccessString) -> Iterator[str]:
    """Whether the string is accepted, and the user on."""
    yield f"Judged by the commands of {access.commands.server.replace('-', ' ').capitalize()}."
    if not access.valid:
        told = "; ".join(str(rejection) for rejection in access.rejections[:_MOST_TOLD])
        more = f"; and {len(access.rejections) - _MOST_TOLD} more" if len(access.rejections) > _MOST_TOLD else ""
        yield f"The server refuses this string: {told}{more}. What follows is what the rest would grant."
    if access.refused_by_elasticache:
        yield f"ElastiCache refuses, by its documentation: {', '.join(access.refused_by_elasticache)}."
    if not access.enabled:
        yield "The user is off and cannot log in. What follows is what it could do once switched on."


def _remarks(text: str, effect: Effect) -> Iterator[str]:
    access = effect.access_string
    if effect.broad:
        yield "It is broad: it reads and writes practically every key and can act on the whole cache."
    rejected = {str(rejection) for rejection in access.rejections}
    for reason in effect.undecided:
        if reason not in rejected:
            yield f"Undecided, and counted as granted where it could be: {reason}."
    for idle in idle_words(text, access.commands):
        yield f"{idle.word} changes nothing: {idle.reason}."


def _granted(selector: Selector, access: AccessString) -> str:
    """One list of rules in a sentence: how many commands, on which keys."""
    own = selector is access.selectors[0]
    core = access.commands.core
    outright = (selector.commands & core & ~access.commands.no_auth).bit_count()
    partly = f" and {len(selector.first_arguments)} with a fixed first argument" if selector.first_arguments else ""
    keys = "every key" if selector.all_keys else _patterns(selector)
    return (
        f"{'Its own rules grant' if own else 'A selector grants'} {outright} of {core.bit_count()} commands"
        f"{partly}, and {keys}."
    )


def _patterns(selector: Selector) -> str:
    if not selector.key_patterns:
        return "no key"
    told = [
        shown(b"~" + pattern)[1:] + _DIRECTIONS[allowed]
        for pattern, allowed in [*selector.key_patterns.items()][:_MOST_PATTERNS]
    ]
    more = len(selector.key_patterns) - len(told)
    return f"the keys {', '.join(told)}{f' and {more} more patterns' if more else ''}"


def _powers(effect: Effect) -> Iterator[str]:
    by_id = {capability.id: capability for capability in CAPABILITIES}
    for capability_id in sorted(
        effect.commands, key=lambda held: (held in effect.blocked_by_elasticache, WORST_FIRST.index(held))
    ):
        names = [name.upper().replace("|", " ") for name in effect.commands[capability_id]]
        more = f" and {len(names) - _MOST_COMMANDS} more" if len(names) > _MOST_COMMANDS else ""
        rules = ", ".join(effect.rules_behind(capability_id)[:_MOST_COMMANDS])
        blocked = "; ElastiCache blocks these commands, or is not known to run them" * (
            capability_id in effect.blocked_by_elasticache
        )
        yield f"{by_id[capability_id].summary}: {', '.join(names[:_MOST_COMMANDS])}{more}, by {rules}{blocked}"


def _wrapped(sentence: str) -> list[str]:
    return textwrap.wrap(sentence, _WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False)
