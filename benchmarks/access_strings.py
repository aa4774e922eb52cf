"""Access strings of any length: an ordinary one, and those that are made to cost more than they look."""

import itertools
import string
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from elasticache.service import commands_for

Family = Callable[[int], str]
"""Makes a string of about so many characters, never more."""

_LETTERS: Final = string.ascii_lowercase + string.digits + ":-_."
_GRANTS: Final = "on -@all +@read +@write"


def ordinary(length: int) -> str:
    """Keys, commands and selectors as people write them, for one application after the other; breaks no rule."""
    words = (
        word
        for number in itertools.count()
        for word in (f"~app-{number:05}:*", "+get", "+@hash", "-keys", f"(~app-{number:05}:log:* +get +hmget)")
    )
    return _filled("on -@all &app:*", words, length)


def _filled(start: str, words: Iterable[str], length: int) -> str:
    taken, left = [start], length - len(start)
    for word in words:
        left -= 1 + len(word)
        if left < 0:
            break
        taken.append(word)
    return " ".join(taken)


def _numbered(start: str, word: Callable[[int], str]) -> Family:
    return lambda length: _filled(start, map(word, itertools.count()), length)


def _cycled(start: str, *words: str) -> Family:
    return lambda length: _filled(start, itertools.cycle(words), length)


def _letter(number: int) -> str:
    return _LETTERS[number % len(_LETTERS)]


def _three_letters() -> Iterable[str]:
    return ("".join(letters) for letters in itertools.product(_LETTERS, repeat=3))


def _prefixes(length: int) -> str:
    ones = (f"~{letter}*" for letter in _LETTERS)
    return _filled(_GRANTS, itertools.chain(ones, (f"~{letters}*" for letters in _three_letters())), length)


def _first_arguments_of_all(length: int) -> str:
    names = [name for name in commands_for("valkey").names if "|" not in name]
    return _filled("on ~a", itertools.chain((f"+{name}|x" for name in names), itertools.repeat("+get")), length)


def _hopeless_forwards(length: int) -> str:
    whole = [f"~*a{'?' * 20}", f"~*[^a]{'?' * 20}"]
    more = (f"~*{_letter(number)}{'?' * (20 + number % 9)}{number}*" for number in itertools.count())
    return _filled(_GRANTS, itertools.chain(whole, more), length)


def _hopeless(prefix: Callable[[int], str]) -> Family:
    """Patterns that blow up the automaton, whichever end it is built from."""
    return _numbered(
        _GRANTS,
        lambda number: (
            f"{prefix(number)}*[^{_letter(number)}]{'?' * (12 + number % 5)}"
            f"[^{_letter(number * 3)}]{'?' * (11 + number % 7)}*"
        ),
    )


def _quotes(length: int) -> str:
    return ("on (" + '"\\' * length)[: length - 1] + ")"


HOSTILE: Final[Mapping[str, Family]] = {
    "thousands of prefixes": _prefixes,
    "thousands of suffixes": lambda length: _filled(_GRANTS, (f"~*{letters}" for letters in _three_letters()), length),
    "distinct classes": _numbered(
        _GRANTS, lambda number: f"~[{_letter(number)}{_letter(number * 7)}][^{_letter(number * 3)}]*[{number}]*"
    ),
    "wide classes": _numbered(
        _GRANTS, lambda number: f"~*{''.join(f'[^{_letter(number * place)}]' for place in range(1, 30))}*"
    ),
    "nested classes": _numbered(_GRANTS, lambda number: f"~{'[^' * 20}{number}{']' * 20}*"),
    "one endless class": lambda length: f"{_GRANTS} ~*[{_LETTERS * length}"[: length - 2] + "]*",
    "one pattern of classes": lambda length: (
        f"{_GRANTS} ~*" + "".join(f"[{_letter(number)}{_letter(number * 7)}]" for number in range(length // 4))
    )[:length],
    "stars all over": lambda length: f"{_GRANTS} ~{''.join(f'*{_letter(number)}' for number in range(length))}"[
        :length
    ],
    "hopeless forwards": _hopeless_forwards,
    "hopeless both ways": _hopeless(lambda _number: "~"),
    "hopeless in both directions of access": _hopeless(lambda number: f"%{'RW'[number % 2]}~"),
    "hopeless channels": _hopeless(lambda number: "~&"[number % 2]),
    "first arguments of one command": _numbered("on ~a", lambda number: f"+select|{number}"),
    "first arguments of every command": _first_arguments_of_all,
    "selectors": _numbered(_GRANTS, lambda number: f"(+get ~{number})"),
    "selectors with every command": lambda length: _filled(
        "on", (f"(+@all ~{letters}*)" for letters in _three_letters()), length
    ),
    "empty selectors": _cycled("on", "()"),
    "one long selector": lambda length: (
        _filled("on (", (f"~{number}" for number in itertools.count()), length - 1) + ")"
    ),
    "unknown names": _numbered("on", lambda number: f"+n{number}"),
    "words that are not rules": _numbered("on", str),
    "wrong words in selectors": _numbered("on", lambda number: f"(x y z {number})"),
    "parentheses": lambda length: f"on {'( ' * length}"[:length],
    "unbalanced quotes": _numbered("on", lambda number: f'(+get "~{number})'),
    "quotes and backslashes": _quotes,
    "passwords": _numbered("on", lambda number: f">{number}"),
    "databases": lambda length: f"on db=1{',1' * length}"[:length].rstrip(","),
    "the same grant again and again": _cycled("on ~* +@all", "+get"),
    "keys taken back": _cycled("on +@all", "~a*", "resetkeys"),
    "one long word": lambda length: f"on {'x' * length}"[:length],
}
"""Name to family."""
