"""The words of an access string that change nothing: without them, the string grants exactly the same."""

from typing import Final, NamedTuple

from acl.access_string import AccessString, Selector, joined, merged_words, parse, shown, split_quoted
from acl.commands import CommandTable

MOST_WORDS: Final = 200
"""Longer strings are not searched: each word costs one more parse of the whole string."""


class IdleWord(NamedTuple):
    """A word that changes nothing."""

    word: str
    """As `shown` writes it."""
    reason: str


_ALREADY: Final = "what it says is already so at that point"
_UNDONE: Final = "a later rule repeats it or undoes it"
_NO_COMMAND: Final = "it grants no command"
_HYPHENATED: Final = {b"sanitize-payload", b"skip-sanitize-payload"}
"""Keywords that `shown` takes for possible passwords."""


def idle_words(text: str, commands: CommandTable) -> tuple[IdleWord, ...]:
    """The words that change nothing, in the order of the string, without those that the server refuses.

    They change nothing even all together: of words that repeat each other one is left untold.

    :returns: none when the string has more than `MOST_WORDS` rules.
    """
    rejected = {rejection.position for rejection in parse(text, commands).rejections}
    words = [word for position, word in merged_words(text, commands) if position not in rejected]
    found: list[IdleWord] = []
    for word, reason in _idle_in(words, commands):
        if reason is not None:
            found.append(IdleWord(_told(word), _NO_COMMAND if _grants_no_command(word, commands) else reason))
        elif commands.syntax.subcommands and word.startswith(b"(") and word.endswith(b")"):
            found += _idle_in_selector(word, commands)
    return tuple(found)


def _idle_in_selector(word: bytes, commands: CommandTable) -> list[IdleWord]:
    rules = split_quoted(word[1:-1], glued=commands.syntax.glued_quotes)
    if any(rule.split() != [rule] for rule in rules):
        return []
    return [
        IdleWord(_told(rule), f"inside its selector, {reason}")
        for rule, reason in _idle_in(rules, commands)
        if reason is not None
    ]


def _idle_in(words: list[bytes], commands: CommandTable) -> list[tuple[bytes, str | None]]:
    """Each word with the reason why it changes nothing, None where it changes something."""
    if len(words) > MOST_WORDS:
        return [(word, None) for word in words]
    whole = _state(words, commands)
    found: list[tuple[bytes, str | None]] = []
    kept = words
    for position in reversed(range(len(words))):
        fewer = kept[:position] + kept[position + 1 :]
        reason = None
        if not _opens_channel_rules(kept, position) and _state(fewer, commands) == whole:
            already = _state(kept[:position], commands) == _state(kept[: position + 1], commands)
            reason = _ALREADY if already else _UNDONE
            kept = fewer
        found.append((words[position], reason))
    return found[::-1]


def _opens_channel_rules(words: list[bytes], position: int) -> bool:
    """Whether a word is the `resetchannels` without which caches whose users start with every channel refuse `&x`."""
    return words[position].lower() == b"resetchannels" and any(
        word.startswith(b"&") and word != b"&*" for word in words[position + 1 :]
    )


def _grants_no_command(word: bytes, commands: CommandTable) -> bool:
    if not word.startswith(b"("):
        return False
    return not any(selector.grants for selector in parse(joined([word]), commands).selectors)


def _told(word: bytes) -> str:
    return word.decode() if word.lower() in _HYPHENATED else shown(word)


def _state(words: list[bytes], commands: CommandTable) -> tuple[object, ...]:
    made = parse(joined(words), commands)
    lists = [_list_state(selector, made) for selector in made.selectors]
    return (
        made.valid,
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
