"""The words of an access string that change nothing: without them, the string grants exactly the same."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from acl.access_string import AccessString, evaluate
from acl.commands import CommandTable
from acl.hiding import shown
from acl.rules import Rule
from acl.selector import Selector

MOST_WORDS: Final = 200
"""Longer strings are not searched: each word costs one more evaluation of all the others."""


class IdleWord(NamedTuple):
    """A word that changes nothing."""

    word: str
    """As `shown` writes it."""
    reason: str


_ALREADY: Final = "what it says is already so at that point"
_UNDONE: Final = "a later rule repeats it or undoes it"
_NO_COMMAND: Final = "it grants no command"


def idle_words(access: AccessString) -> tuple[IdleWord, ...]:
    """The words that change nothing, in the order of the string, without those that the server refuses.

    They change nothing even all together: of words that repeat each other one is not among them. Rules about passwords
    are not either, and neither are grants of commands that the table blocks: whoever refuses them names them anyway.

    :returns: none when the string has more than `MOST_WORDS` rules.
    """
    table = access.table
    found: list[IdleWord] = []
    for rule, reason in _idle_in([rule for rule in access.rules if not rule.refused], table):
        if reason is not None:
            found.append(IdleWord(shown(rule.token), _NO_COMMAND if _grants_no_command(rule, table) else reason))
        elif rule.inner is not None:
            found += [
                IdleWord(shown(inner.token), f"inside its selector, {why}")
                for inner, why in _idle_in(rule.inner, table)
                if why is not None
            ]
    return tuple(found)


def _idle_in(rules: Sequence[Rule], table: CommandTable) -> list[tuple[Rule, str | None]]:
    """Each rule with the reason why it changes nothing, None where it changes something."""
    if len(rules) > MOST_WORDS:
        return [(rule, None) for rule in rules]
    whole = state_of(rules, table)
    found: list[tuple[Rule, str | None]] = []
    kept = [*rules]
    for position in reversed(range(len(rules))):
        fewer = kept[:position] + kept[position + 1 :]
        reason = None
        if not _left_alone(kept, position, table) and state_of(fewer, table) == whole:
            already = state_of(kept[:position], table) == state_of(kept[: position + 1], table)
            reason = _ALREADY if already else _UNDONE
            kept = fewer
        found.append((rules[position], reason))
    return found[::-1]


def _left_alone(rules: Sequence[Rule], position: int, table: CommandTable) -> bool:
    rule = rules[position]
    return (
        rule.about_passwords
        or any(one.command_granted in table.blocked for one in (rule, *(rule.inner or ())))
        or (rule.token.lower() == b"resetchannels" and _limits_channels(rules[position + 1 :]))
    )


def _limits_channels(rules: Sequence[Rule]) -> bool:
    """Whether without a `resetchannels` before them caches whose users start with every channel refuse one of them."""
    return any(rule.token.startswith(b"&") and rule.token != b"&*" for rule in rules)


def _grants_no_command(rule: Rule, table: CommandTable) -> bool:
    return rule.inner is not None and not any(selector.grants for selector in evaluate((rule,), table).selectors)


def state_of(rules: Sequence[Rule], table: CommandTable) -> tuple[object, ...]:
    """What rules come to on a server line, to be compared: equal states grant the same."""
    made = evaluate(rules, table)
    lists = [_list_state(selector, table) for selector in made.selectors]
    return (made.valid, made.enabled, lists[0], *[state for state in lists[1:] if state[0] or state[1]])


def _list_state(selector: Selector, table: CommandTable) -> tuple[object, ...]:
    return (
        selector.commands & ~table.no_auth,
        selector.first_arguments,
        selector.future,
        selector.all_keys,
        selector.key_patterns,
        selector.all_channels,
        selector.channel_patterns,
        selector.channel_rules,
        selector.databases,
    )
