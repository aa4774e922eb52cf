"""What people may see of an access string: no password, and no letter that a terminal would obey.

A password can stand where it does not belong, and it can have several words. So a word is shown where it has the form
of a rule, and a bare word such as `get`, which is probably a rule without its sign, where nothing before it had to be
hidden. Whatever else there is counts as a secret, and so does the word behind a lone mark, as in `> password`.
"""

import re
from enum import Enum, auto
from functools import cache
from typing import Final

from acl.words import unescaped

PASSWORD_MARKS: Final = (b">", b"<", b"#", b"!")
"""What rules about passwords begin with."""

_HIDDEN: Final = "[hidden]"
_MARKS: Final = frozenset("><#!")
_LONGEST_SHOWN: Final = 60


def printable(text: str) -> str:
    """A text with an escape in place of each letter that a terminal would obey."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


class Suspicion(Enum):
    """Which words may be part of a password where they stand."""

    NONE = auto()
    """Only those that look like one."""
    BARE_WORDS = auto()
    """Something before it was hidden, or it stands in a selector: a bare word is not shown."""
    ANY_WORD = auto()
    """It stands right behind a lone mark."""


def shown(token: bytes, suspicion: Suspicion = Suspicion.NONE) -> str:
    """A rule as messages may write it: shortened, printable, and without a password.

    Rules about passwords keep their first character only.

    :param token: the rule, without quotes where it stands in a selector.
    :param suspicion: NONE for a rule that the server takes.
    """
    text = token.decode("utf-8", "backslashreplace")
    if suspicion is Suspicion.ANY_WORD:
        return _HIDDEN
    if token.startswith((b"(", b")")):
        return _shortened(_Reader(text, suspicion).read(text))
    if _is_rule(text) or (suspicion is Suspicion.NONE and _is_bare(text)):
        return _shortened(text)
    if kept := _kept(text):
        return _masked(text, kept)
    return f"[a word of {len(token)} characters]" if suspicion is Suspicion.NONE else _HIDDEN


def suspicion_after(token: bytes, before: Suspicion, *, refused: bool) -> Suspicion:
    """What to think of the word that follows a rule.

    :param before: what was thought of the rule itself.
    :param refused: the server refuses the rule, so that it may be anything.
    """
    if token in PASSWORD_MARKS:
        return Suspicion.ANY_WORD
    if before is not Suspicion.NONE or any(mark in token for mark in PASSWORD_MARKS):
        return Suspicion.BARE_WORDS
    text = token.decode("utf-8", "backslashreplace")
    if token.startswith((b"(", b")")):
        return Suspicion.NONE if _Reader(text).read(text) == text else Suspicion.BARE_WORDS
    return Suspicion.NONE if not refused or _is_rule(text) or _is_bare(text) else Suspicion.BARE_WORDS


def echo(text: str) -> str:
    """An access string as it was given, but for what is a password or may be one."""
    return _Reader(text).read(text)


def in_one_line(text: str, longest: int) -> str:
    """An access string with one space between words, printable, without passwords, and cut behind so many letters."""
    reader = _Reader(text)
    words: list[str] = []
    length = 0
    for word in _word().finditer(text):
        words.append(_shortened(reader.word(word[0])))
        length += len(words[-1]) + 1
        if length > longest:
            words[-1] = "…"
            break
    return " ".join(words)


class _Reader:
    """Reads the words of a string in order, as they stand there with quotes and parentheses around them."""

    def __init__(self, text: str, suspicion: Suspicion = Suspicion.NONE) -> None:
        self._suspicion = suspicion
        self._in_selector = False
        self._escapes = '"' in text and "\\" in text  # a word may hold an escaped mark of a password

    def read(self, text: str) -> str:
        return _word().sub(lambda word: self.word(word[0]), text)

    def word(self, raw: str) -> str:
        core = raw.lstrip("(\"'")
        opening = raw[: len(raw) - len(core)]
        bare = core.rstrip(")\"'")
        self._in_selector = self._in_selector or "(" in opening
        visible = self._is_visible(raw, bare)
        self._in_selector = self._in_selector and not raw.endswith(")")
        if not bare and not raw.strip("()\"'"):
            return raw  # nothing but quotes and parentheses
        kept = "" if self._suspicion is Suspicion.ANY_WORD else _kept(core)
        if bare in _MARKS:
            self._suspicion = Suspicion.ANY_WORD
        elif not visible or self._suspicion is Suspicion.ANY_WORD:
            self._suspicion = Suspicion.BARE_WORDS
        return raw if visible else opening + _masked(core, kept)

    def _is_visible(self, raw: str, core: str) -> bool:
        decoded = _decoded(core) if self._escapes and "\\" in core else core
        if self._suspicion is Suspicion.ANY_WORD or not (_MARKS.isdisjoint(core) and _MARKS.isdisjoint(decoded)):
            return False
        rule = decoded if '"' in raw and "'" not in raw else core
        if _is_rule(rule.replace('"', "").replace("'", "")):
            return True
        return self._suspicion is Suspicion.NONE and not self._in_selector and raw == core and _is_bare(core)


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


# Compiled with the first string that is shown, and not with every start.
@cache
def _word() -> re.Pattern[str]:
    """As servers see words, which other white space does not separate."""
    return re.compile(r"[^ \t-\r]+")


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
