"""Differences between access strings in words."""

from collections.abc import Sequence
from typing import Final

from acl.comparison import Difference

_PRINTABLE: Final = range(33, 127)


def in_words(difference: Difference) -> str:
    """One difference in a line: what it lets one do, a call, and how many commands do the same."""
    more = len(difference.commands) - 1
    others = f" and {more} more command{'' if more == 1 else 's'}" if more > 0 else ""
    if not difference.call:
        return f"{difference.says}{others}"
    where = f" from database {difference.database}" if difference.database else ""
    return f"{difference.says}, e.g. {written(difference.call)}{where}{others}"


def written(call: Sequence[bytes]) -> str:
    """A call as one types it: what is not plain is quoted and escaped."""
    command, *arguments = call
    return " ".join([command.decode("utf-8", "backslashreplace").upper(), *map(_word, arguments)])


def _word(word: bytes) -> str:
    if word and all(byte in _PRINTABLE and byte not in b"\"'\\" for byte in word):
        return word.decode("ascii")
    inside = "".join(chr(byte) if byte in {32, *_PRINTABLE} - {34, 92} else f"\\x{byte:02x}" for byte in word)
    return f'"{inside}"'
