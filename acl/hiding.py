"""What people may see of an access string: no password, and no letter that a terminal would obey."""

import re
from typing import Final

PASSWORD_MARKS: Final = (b">", b"<", b"#", b"!")

_LONGEST_SHOWN: Final = 60
_SHOWABLE: Final = re.compile(rb"(?:[-+~%&@()]|db=)[^><#!]*|[A-Za-z]{1,15}|(?:skip-)?sanitize-payload", re.IGNORECASE)
_BYTES_SHOWN: Final = 4 * (_LONGEST_SHOWN + 1)  # no letter has more bytes in UTF-8


def shown(token: bytes) -> str:
    """A token as messages may write it: shortened, and without a password.

    Password tokens keep their first character only. A word that looks like no rule at all is described rather than
    quoted, since it may be a password in the wrong place.
    """
    if token.startswith(PASSWORD_MARKS):
        return f"{token[:1].decode()}[hidden]" if len(token) > 1 else token.decode()
    if not _SHOWABLE.fullmatch(token):
        return f"[a word of {len(token)} characters]"
    text = printable(token[:_BYTES_SHOWN].decode("utf-8", "backslashreplace"))
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def printable(text: str) -> str:
    """No letter that a terminal would obey."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
