"""The words of an access string that change nothing: without them, the string grants exactly the same."""

from typing import Final, NamedTuple

from elasticache.access_string import AccessString, Selector, merged_words, parse, shown, split_quoted
from elasticache.commands import CommandTable

MOST_WORDS: Final = 200
"""Longer strings are not searched: each word costs one more parse of the whole string."""


class IdleWord(NamedTuple):
    """A word that changes nothing."""

    word: str
    """As `shown` writes it."""
    reason: str


_ALREADY: Final = "what it says is already so at that point"
_UNDONE: Final = "a later rule repeats it or undoes it"


def idle_words(text: str, commands: CommandTable) -> tuple[IdleWord, ...]:
    """The words that change nothing, in the order of the string, without those that the server refuses.

    :returns: none when the string has more than `MOST_WORDS` rules.
    """
    rejected = {rejection.position for rejection in parse(text, commands).rejections}
    words = [word for position, word in merged_words(text, commands) if position not in rejected]
    if len(words) > MOST_WORDS:
        return ()
    found: list[IdleWord] = []
    whole = _state(words, commands)
    for position, word in enumerate(words):
        if _state(words[:position] + words[position + 1 :], commands) == whole:
            already = _state(words[:position], commands) == _state(words[: position + 1], commands)
            found.append(IdleWord(shown(word), _ALREADY if already else _UNDONE))
        elif commands.syntax.subcommands and word.startswith(b"(") and word.endswith(b")"):
            found += _idle_in_selector(word, commands)
    return tuple(found)


def _idle_in_selector(word: bytes, commands: CommandTable) -> list[IdleWord]:
    rules = split_quoted(word[1:-1], glued=commands.syntax.glued_quotes)
    if len(rules) > MOST_WORDS or any(b" " in rule for rule in rules):
        return []
    found: list[IdleWord] = []
    whole = _state(rules, commands)
    for position, rule in enumerate(rules):
        if _state(rules[:position] + rules[position + 1 :], commands) == whole:
            already = _state(rules[:position], commands) == _state(rules[: position + 1], commands)
            found.append(IdleWord(shown(rule), f"inside its selector, {_ALREADY if already else _UNDONE}"))
    return found


def _state(words: list[bytes], commands: CommandTable) -> tuple[object, ...]:
    made = parse(b" ".join(words).decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode(), commands)
    lists = [_list_state(selector, made) for selector in made.selectors]
    return (
        made.enabled,
        made.refused_by_elasticache,
        lists[0],
        *[state for state in lists[1:] if state[0] or state[1]],
    )


def _list_state(selector: Selector, made: AccessString) -> tuple[object, ...]:
    return (
        selector.commands & ~made.commands.no_auth,
        selector.first_arguments,
        selector.future,
        selector.all_keys,
        selector.key_patterns,
        selector.all_channels,
        selector.channel_patterns,
        selector.channel_rules,
        selector.databases,
    )
