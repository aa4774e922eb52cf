"""What people may see of an access string: no password, and no letter that a terminal would obey.

A password can stand where it does not belong, and it can have several words. So a word is shown where it has the form
of a rule, and a bare word such as `get`, which is probably a rule without its sign, where nothing before it had to be
hidden. Whatever else there is counts as a secret, and so does the word behind a lone mark, as in `> password`.
"""

import re
from functools import cache
from typing import Final

from acl.words import unescaped

PASSWORD_MARKS: Final = (b">", b"<", b"#", b"!")
"""What rules about passwords begin with."""

_HIDDEN: Final = "[hidden]"
_MARKS: Final = frozenset("><#!")
_LONGEST_SHOWN: Final = 60
_WORD: Final = re.compile(r"[^ \t-\r]+")
"""As servers see words, which other white space does not separate."""


def printable(text: str) -> str:
    """A text with an escape in place of each letter that a terminal would obey."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


def shown(token: bytes) -> str:
    """A rule as messages may write it: shortened, printable, and without a password.

    :param token: a rule that stands alone, or of which it is known that the server takes it.
    """
    return Veil().rule(token)


def echo(text: str) -> str:
    """An access string as it was given, but for what is a password or may be one."""
    return Veil().words(text)


def in_one_line(text: str, longest: int) -> str:
    """An access string with one space between words, printable, without passwords, and cut behind so many letters."""
    veil = Veil(escapes=_has_escapes(text))
    words: list[str] = []
    length = 0
    for word in _WORD.finditer(text):
        words.append(_shortened(veil.word(word[0])))
        length += len(words[-1]) + 1
        if length > longest:
            words[-1] = "…"
            break
    return " ".join(words)


class Veil:
    """Hides what may be a password in a string whose rules, or whose words, it is given in order.

    :param escapes: the string has double quotes and backslashes, so that a word may hold an escaped mark of a password.
    """

    def __init__(self, *, escapes: bool = False) -> None:
        self._escapes = escapes
        self._suspect = False  # something was hidden, so bare words may be more of it
        self._after_mark = False
        self._in_selector = False

    def rule(self, token: bytes, *, inside: bool = False) -> str:
        """A rule as messages may write it.

        Rules about passwords keep their first character only.

        :param token: without quotes where it stands in a selector.
        :param inside: it stands in a selector, where a bare word is not shown.
        """
        text = token.decode("utf-8", "backslashreplace")
        if token.startswith((b"(", b")")):
            return _shortened(self.words(text))
        visible = not self._after_mark and (_is_rule(text) or (_is_bare(text) and not (inside or self._suspect)))
        kept = "" if self._after_mark else _kept(text)
        described = not (kept or inside or self._suspect)
        self._note(text, visible=visible)
        if visible:
            return _shortened(text)
        return f"[a word of {len(token)} characters]" if described else _masked(text, kept)

    def words(self, text: str) -> str:
        """A part of the string as it is written."""
        self._escapes = self._escapes or _has_escapes(text)
        return _WORD.sub(lambda word: self.word(word[0]), text)

    def word(self, raw: str) -> str:
        """A word as it is written, with quotes and parentheses around it."""
        core = raw.lstrip("(\"'")
        opening = raw[: len(raw) - len(core)]
        bare = core.rstrip(")\"'")
        self._in_selector = self._in_selector or "(" in opening
        visible = not self._after_mark and self._is_visible(raw, bare)
        self._in_selector = self._in_selector and not raw.endswith(")")
        if not bare and not raw.strip("()\"'"):
            return raw  # nothing but quotes and parentheses
        kept = "" if self._after_mark else _kept(core)
        self._note(bare, visible=visible)
        return raw if visible else opening + _masked(core, kept)

    def _is_visible(self, raw: str, core: str) -> bool:
        decoded = _decoded(core) if self._escapes and "\\" in core else core
        if not _MARKS.isdisjoint(core) or not _MARKS.isdisjoint(decoded):
            return False
        rule = decoded if '"' in raw and "'" not in raw else core
        if _is_rule(rule.replace('"', "").replace("'", "")):
            return True
        return not self._suspect and not self._in_selector and raw == core and _is_bare(core)

    def _note(self, text: str, *, visible: bool) -> None:
        self._suspect = self._suspect or not visible
        self._after_mark = text in _MARKS


def _has_escapes(text: str) -> bool:
    return '"' in text and "\\" in text


def _decoded(quoted: str) -> str:
    return unescaped(quoted.encode("utf-8", "surrogatepass")).decode("utf-8", "backslashreplace")


def _kept(text: str) -> str:
    """What is shown of a word that is hidden: the beginning of a rule."""
    return text[:1] if text[:1] in _MARKS else text[:3] if text.lower().startswith("db=") else ""


def _masked(text: str, kept: str) -> str:
    return kept if text == kept and kept else f"{kept}{_HIDDEN}"


def _shortened(text: str) -> str:
    readable = printable(text)
    return readable if len(readable) <= _LONGEST_SHOWN else f"{readable[: _LONGEST_SHOWN - 1]}…"


def _is_rule(text: str) -> bool:
    """Whether a word has the form of a rule, so that a server takes it or only does not know a name in it."""
    return _rule_form().fullmatch(text) is not None


@cache
def _rule_form() -> re.Pattern[str]:
    return re.compile(
        r"""
          [-+] [\w.:,@*()+-]* (?: \| [^\0\t-\r\x20><#!]* )?
        | [~&] [^\0\t-\r\x20><#!]*
        | % [a-z*]{0,2} (?: ~ [^\0\t-\r\x20><#!]* )?
        | db= [-+0-9,]*
        | on | off | nopass | reset (?: pass | keys | channels | dbs )? | all (?: keys | channels | commands | dbs )
        | nocommands | clearselectors | (?: skip- )? sanitize-payload
        """,
        re.VERBOSE | re.IGNORECASE,
    )


def _is_bare(text: str) -> bool:
    """Whether a word may be a rule without its sign, `get` or `@all`."""
    name = text.removeprefix("@")
    return len(name) <= _LONGEST_BARE and name.isascii() and name.isalpha()


_LONGEST_BARE: Final = 15
