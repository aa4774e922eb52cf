"""A narrower access string: the same keys and data commands, without what reaches beyond them."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from acl import capabilities
from acl.access_string import PASSWORD_TOKENS, AccessString, joined, merged_words, parse, split_quoted
from acl.bits import bits
from acl.capabilities import CAPABILITIES
from acl.commands import CommandTable, commands_of, line_before
from acl.effect import effect_of

REMOVED_CAPABILITIES: Final = (
    capabilities.ERASE_EVERYTHING,
    capabilities.RUN_CODE,
    capabilities.DISTURB_CLIENTS,
    capabilities.WATCH_TRAFFIC,
    capabilities.LIST_KEYS,
)
"""What a narrower string does not hold."""

_CATEGORIES: Final = ("dangerous", "scripting")
_LONGEST: Final = 1_000
_MOST_SELECTORS: Final = 16
_SPACE_OR_NUL: Final = frozenset(b"\x00\t\n\x0b\x0c\r ")


def narrower(text: str, commands: CommandTable) -> str | None:
    """A string with the same keys and without the capabilities of `REMOVED_CAPABILITIES`, proven by the engine.

    Refused words are left out, and so are grants of nothing but what is unwanted; what each list then grants too much
    is taken away at its end, by category or by name.

    :returns: None when the string holds none of them, is too long to be worth rewriting, or no rewriting is clean.
    """
    if len(text) > _LONGEST or text.count("(") > _MOST_SELECTORS:
        return None
    read = parse(text, commands)
    if not effect_of(read).can(*REMOVED_CAPABILITIES):
        return None
    rewritten = _rewrite(text, read)
    made = parse(rewritten, commands)
    if not made.valid or made.refused_by_elasticache or effect_of(made).can(*REMOVED_CAPABILITIES):
        return None
    return rewritten


def newer_words(text: str, commands: CommandTable) -> tuple[str, ...]:
    """The words of a string that the line before the newest one of its engine refuses."""
    older = line_before(commands.line)
    if older is None:
        return ()
    return tuple(rejection.token for rejection in parse(text, commands_of(older.id)).rejections)


def _rewrite(text: str, read: AccessString) -> str:
    commands = read.commands
    rejected = {rejection.position for rejection in read.rejections}
    words: list[bytes] = []
    for position, word in merged_words(text, commands):
        if word.lower() == b"reset":
            words = []
        elif commands.syntax.subcommands and word.startswith(b"(") and word.endswith(b")"):
            words.append(_rewrite_selector(word, commands))
        elif position not in rejected and not _unwanted_word(word, commands):
            words.append(word)
    return joined([*words, *_denials(words, commands)])


def _rewrite_selector(word: bytes, commands: CommandTable) -> bytes:
    rules = [
        rule
        for rule in split_quoted(word[1:-1], glued=commands.syntax.glued_quotes)
        if rule and _SPACE_OR_NUL.isdisjoint(rule)
    ]
    rejected = {rejection.position for rejection in parse(joined(rules), commands).rejections}
    kept = [
        rule
        for position, rule in enumerate(rules, 1)
        if position not in rejected and not rule.startswith(b"(") and not _unwanted_word(rule, commands)
    ]
    return b"(" + b" ".join(_requoted(rule) for rule in (*kept, *_denials(kept, commands))) + b")"


def _unwanted_word(word: bytes, commands: CommandTable) -> bool:
    """Whether a word alone is refused by ElastiCache, or grants nothing but unwanted commands."""
    if word.startswith((b"~", b"%", b"&", b"-")):
        return False
    return word.startswith(PASSWORD_TOKENS) or _unwanted_alone(word, commands)


@lru_cache(maxsize=1024)
def _unwanted_alone(word: bytes, commands: CommandTable) -> bool:
    made = parse(joined([word]), commands)
    granted = made.selectors[0].commands | made.selectors[0].partly
    return bool(made.refused_by_elasticache) or (granted != 0 and granted & ~_unwanted(commands) == 0)


@cache
def _unwanted(commands: CommandTable) -> int:
    """The commands that give one of the removed capabilities."""
    mask = 0
    for capability in CAPABILITIES:
        if capability.id in REMOVED_CAPABILITIES:
            names = capability.commands
            if not commands.syntax.subcommands:
                names = tuple(name.partition("|")[0] for name in names)
            mask |= commands.mask(*names)
    return mask


def _denials(words: Sequence[bytes], commands: CommandTable) -> list[bytes]:
    """What to take away at the end of a list so that it holds none of the removed capabilities."""
    own = [word for word in words if not word.startswith(b"(")]
    granted = parse(joined(own), commands).selectors[0]
    held = (granted.commands | granted.partly) & _unwanted(commands)
    denials: list[bytes] = []
    for category in _CATEGORIES:
        if held & commands.categories[category]:
            denials.append(f"-@{category}".encode())
            held &= ~commands.categories[category]
    return denials + [f"-{commands.names[command]}".encode() for command in bits(held)]


def _requoted(rule: bytes) -> bytes:
    """A rule inside a selector as the server's splitter takes it apart again."""
    if rule.isascii() and rule.decode().isprintable() and not rule.endswith(b")") and not set(rule) & set(b"\"'"):
        return rule
    inside = b"".join(
        bytes((byte,)) if chr(byte).isascii() and chr(byte).isprintable() and byte not in b'\\"' else b"\\x%02x" % byte
        for byte in rule
    )
    return b'"' + inside + b'"'
