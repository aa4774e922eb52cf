"""Access strings for a server that starts users with every channel, and that refuses `&app:*` behind that.

People write rules for channels for users that start with none. So lists that have such rules get `resetchannels` first.
"""

import re
from collections.abc import Sequence
from typing import Final

_HEX: Final = re.compile(rb"\\x([0-9a-fA-F]{2})")
_ABOUT_CHANNELS: Final = re.compile(rb"&.*|allchannels|resetchannels", re.DOTALL)


def without_channels_first(rules: Sequence[bytes]) -> list[bytes]:
    """The rules of a string, with `resetchannels` before those of each list that has rules for channels.

    Selectors are recognised by their parentheses alone, which is enough for those that servers take.
    """
    made: list[bytes] = []
    outside: list[bytes] = []
    inside: list[bytes] | None = None
    for rule in rules:
        if inside is None and rule.startswith(b"("):
            inside = []
        if inside is None:
            outside.append(rule)
            made.append(rule)
            continue
        inside.append(rule)
        if rule.endswith(b")"):
            made += _selector(inside)
            inside = None
    made += inside or []
    return [b"resetchannels", *made] if _has_channel_rules(_behind_reset(outside)) else made


def _selector(rules: list[bytes]) -> list[bytes]:
    if not _has_channel_rules(rules):
        return rules
    return [b"(resetchannels", rules[0].removeprefix(b"("), *rules[1:]]


def _behind_reset(rules: list[bytes]) -> list[bytes]:
    last = max((at for at, rule in enumerate(rules) if rule.lower() == b"reset"), default=-1)
    return rules[last + 1 :]


def _has_channel_rules(rules: list[bytes]) -> bool:
    return any(_ABOUT_CHANNELS.fullmatch(_bare(rule)) for rule in rules)


def _bare(rule: bytes) -> bytes:
    """A rule without its quotes and the parentheses of its selector, in lower case."""
    decoded = _HEX.sub(lambda found: bytes.fromhex(found[1].decode()), rule.strip(b"()"))
    return decoded.replace(b'"', b"").replace(b"'", b"").lower()
