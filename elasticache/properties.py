"""Properties of a resource in their three states: known, not known yet (preview), present but unreadable.

A rule asks for a `value` and gets it, or `CannotTellError` says which property kept it from an answer. Presence can
be asked in every state.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Final, NamedTuple


class Marker(Enum):
    """Stands in place of a value."""

    UNKNOWN = "is not known until the deployment runs"
    UNREADABLE = "is a secret that cannot be read here"


class Secret:
    """A value that carries a secret mark: rules judge it, and messages keep it to themselves."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __repr__(self) -> str:
        """Not the value."""
        return "Secret(…)"


def reveal(raw: object) -> object:
    """The value under a secret mark, or the value itself."""
    return raw.value if isinstance(raw, Secret) else raw


def texts_in(value: object) -> Iterator[str | Marker]:
    """Every string in a value, however deep, and a marker for each that is not known or cannot be read."""
    value = reveal(value)
    if isinstance(value, str | Marker):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_in(inner)


class CannotTellError(Exception):
    """A rule needs a value that is not known yet or cannot be read."""

    def __init__(self, path: str, marker: Marker) -> None:
        super().__init__(f"{path} {marker.value}")
        self.path = path
        self.marker = marker


class Text(NamedTuple):
    """A property that holds a string."""

    path: str
    raw: object
    secret: bool = False
    """The value carries a secret mark, so messages must not show it."""

    def __repr__(self) -> str:
        """The path alone."""
        return f"Text({self.path!r})"

    @classmethod
    def of(cls, path: str, raw: object) -> "Text":
        """Read a property, with or without a secret mark."""
        return cls(path, reveal(raw), isinstance(raw, Secret))

    @property
    def malformed(self) -> bool:
        """The property is set to something that is not a string."""
        return not (self.raw is None or isinstance(self.raw, str | Marker))

    @property
    def marker(self) -> Marker | None:
        """Why the property cannot be read, if so."""
        return self.raw if isinstance(self.raw, Marker) else None

    @property
    def value(self) -> str | None:
        """The string; None when the property is absent or no string.

        :raises CannotTellError: it is not known yet, or unreadable.
        """
        if isinstance(self.raw, Marker):
            raise CannotTellError(self.path, self.raw)
        return self.raw if isinstance(self.raw, str) else None

    @property
    def known(self) -> str | None:
        """The string, or None in every other case."""
        return self.raw if isinstance(self.raw, str) else None


class Flag(NamedTuple):
    """A property that holds a boolean."""

    path: str
    raw: object

    def __repr__(self) -> str:
        """The path alone."""
        return f"Flag({self.path!r})"

    @property
    def value(self) -> bool:
        """Whether the flag is set to true; providers take the strings "true" and "false" too.

        :raises CannotTellError: it is not known yet, or unreadable.
        """
        raw = reveal(self.raw)
        if isinstance(raw, Marker):
            raise CannotTellError(self.path, raw)
        return raw is True or (isinstance(raw, str) and raw.lower() == "true")


SHORTEST_PASSWORD: Final = 16
LONGEST_PASSWORD: Final = 128
MOST_PASSWORDS: Final = 2
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html: one or two passwords of
16 to 128 printable characters."""
_FORBIDDEN: Final = re.compile(r'[,"/@\x00-\x1f\x7f]')
_KEY: Final = secrets.token_bytes(32)


class Passwords:
    """A property that holds passwords. They never leave it: it answers counts and yes/no questions."""

    __slots__ = ("_raw", "path")

    def __init__(self, path: str, raw: object) -> None:
        self.path = path
        self._raw = reveal(raw)

    def __repr__(self) -> str:
        """The path alone."""
        return f"Passwords({self.path!r})"

    @property
    def present(self) -> bool:
        """Something is there: a password known or not, or a value that should have been a list of them."""
        if isinstance(self._raw, list | tuple):
            return any(password is not None for password in self._raw)
        return self._raw is not None and self._raw not in ("", {})

    @property
    def count(self) -> int | None:
        """How many passwords there are; None when that is not known yet, cannot be read, or it is not a list."""
        if self._raw is None:
            return 0
        if isinstance(self._raw, list | tuple):
            return sum(password is not None for password in self._raw)
        return None

    @property
    def marker(self) -> Marker | None:
        """Why the property as a whole cannot be read, if so."""
        return self._raw if isinstance(self._raw, Marker) else None

    @property
    def of_wrong_length(self) -> int:
        """How many readable passwords are shorter than 16 or longer than 128 characters."""
        return sum(not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD for password in self._readable())

    @property
    def with_forbidden_characters(self) -> int:
        """How many readable passwords hold a comma, a double quote, a slash, an at sign or a control character."""
        return sum(_FORBIDDEN.search(password) is not None for password in self._readable())

    @property
    def has_duplicates(self) -> bool:
        """Two readable passwords are the same."""
        readable = self._readable()
        return len(set(readable)) < len(readable)

    def fingerprints(self) -> frozenset[bytes]:
        """The readable passwords as keyed hashes, comparable within this process and of no use outside it."""
        return frozenset(
            hashlib.blake2b(password.encode("utf-8", "surrogatepass"), key=_KEY).digest()
            for password in self._readable()
        )

    def unrelated_to(self, outputs: "Iterable[Texts]") -> int:
        """How many readable passwords are none of the outputs, nor made out of one, nor cut out of one."""
        given = [*outputs]
        return sum(not any(texts.relate_to(password) for texts in given) for password in self._readable() if password)

    def _readable(self) -> list[str]:
        raw = self._raw
        elements = [raw] if isinstance(raw, str) else list(raw) if isinstance(raw, list | tuple) else []
        return [password for element in elements if isinstance(password := reveal(element), str)]


class Texts:
    """The texts among the outputs of one resource, prepared so that many passwords can be held against them.

    :param texts: the texts, in any order.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._whole = frozenset(texts)
        long = [text for text in self._whole if len(text) >= SHORTEST_PASSWORD]
        self._joined = "\0".join(long)
        self._by_length: dict[int, set[str]] = {}
        for text in long:
            self._by_length.setdefault(len(text), set()).add(text)

    def __repr__(self) -> str:
        """No text."""
        return "Texts(…)"

    def relate_to(self, password: str) -> bool:
        """Whether the password is one of the texts, or one of at least 16 characters is part of it or holds it.

        Shorter texts are part of what anybody writes: "none", "prod", a number.
        """
        if password in self._whole:
            return True
        if len(password) >= SHORTEST_PASSWORD and password in self._joined:
            return True
        return any(
            password[start : start + length] in texts
            for length, texts in self._by_length.items()
            for start in range(len(password) - length + 1)
        )


ABSENT: Final[Mapping[str, object]] = {}
"""The properties of an object that is not set."""
