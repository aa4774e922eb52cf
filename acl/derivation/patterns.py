"""The names of keys or channels that were seen, as patterns, in memory that the number of names does not enlarge."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from acl.commands import Access
from acl.derivation.names import VARIABLE, Part, escaped, parts_of, shape_of
from acl.globs import matches

WORDS: Final = 20
"""How many different words may stand in one place before they become `*`."""
_MOST_NODES: Final = 50_000
_MOST_UNALIKE: Final = 1_000
"""Names that share no constant part, or beginnings that share no end: each of them stays."""
_MOST_NAMES: Final = 100
"""Different names that are counted for a pattern."""
_MOST_CACHED: Final = 50_000


class TooVariedError(Exception):
    """The names share too little to become patterns by the rule; the text says what to do."""


@dataclass(slots=True, eq=False)
class Seen:
    """What was seen of the names behind one pattern."""

    calls: int = 0
    names: set[int] = field(default_factory=set)
    """Hashes of the different names, `_MOST_NAMES` at most."""
    example: bytes = b""
    needs: dict[str, int] = field(default_factory=dict)
    """Command to what it needed: the set of `Access` values, value n as bit n."""

    def add(self, name: bytes, command: str, needs: int) -> None:
        """Count a call of a command with this name."""
        self.calls += 1
        self.needs[command] = self.needs.get(command, 0) | needs
        if not self.example:
            self.example = name
        if len(self.names) < _MOST_NAMES:
            self.names.add(hash(name))

    def merge(self, other: "Seen") -> None:
        """Take over what was seen behind another pattern."""
        self.calls += other.calls
        self.example = self.example or other.example
        for command, needs in other.needs.items():
            self.needs[command] = self.needs.get(command, 0) | needs
        self.names.update(list(other.names)[: _MOST_NAMES - len(self.names)])

    @property
    def all_needs(self) -> int:
        """What all commands needed."""
        needed = 0
        for needs in self.needs.values():
            needed |= needs
        return needed

    @property
    def more_names(self) -> bool:
        """There may be more names than were counted."""
        return len(self.names) >= _MOST_NAMES


_Step = tuple[bytes, bytes]


@dataclass(slots=True, eq=False)
class _Node:
    constant: bool
    """A letter or digit stands on the way here."""
    steps: "dict[_Step, _Node]" = field(default_factory=dict)
    words: dict[bytes, int] = field(default_factory=dict)
    """By the character that ends them: how many different words were seen here; -1 when they have become `*`."""
    seen: Seen | None = None


_MERGED: Final = -1


class Patterns:
    """Takes names, gives patterns."""

    def __init__(self, words: int = WORDS, by_hand: Sequence[bytes] = ()) -> None:
        """Start with nothing seen.

        :param words: how many different words may stand in one place before they become `*`.
        :param by_hand: patterns for the names that they match; the first counts.
        """
        self._limit = words
        self._by_hand = {pattern: Seen() for pattern in by_hand}
        self._root = _Node(constant=False)
        self._unalike: dict[bytes, Seen] = {}
        self._nodes = 0
        self._cache: dict[bytes, Seen] = {}
        self._names: dict[bytes, Seen] = {}

    def of(self, name: bytes, *, cut: bool = False) -> Seen:
        """Where to count a name. To be asked anew for each call: patterns merge.

        :param cut: the name goes on where it ends here.
        :raises TooVariedError: there are too many names that share nothing.
        """
        known = self._names.get(name)
        if known is not None and not cut:
            return known
        seen = self._look_up(name, cut=cut)
        if not cut:
            if len(self._names) >= _MOST_CACHED:
                self._names.clear()
            self._names[name] = seen
        return seen

    def _look_up(self, name: bytes, *, cut: bool) -> Seen:
        for pattern, by_hand in self._by_hand.items():
            if matches(pattern, name):
                return by_hand
        shape = shape_of(name)
        seen = self._cache.get(shape) if not cut else None
        if seen is not None:
            return seen
        parts = parts_of(shape)
        if cut:
            last = parts[-1]
            parts = (*parts[:-1], Part(last.pattern.removesuffix(VARIABLE) + VARIABLE, b"", last.constant))
        if not any(part.constant for part in parts):
            return self._unlike(escaped(name) + (VARIABLE if cut else b""))
        seen = self._walk(parts)
        if not cut:
            if len(self._cache) >= _MOST_CACHED:
                self._cache.clear()
            self._cache[shape] = seen
        return seen

    def _forget(self) -> None:
        """What was found for a name or a shape may be elsewhere now."""
        self._cache.clear()
        self._names.clear()

    def give_by_hand(self, command: str, needs: int) -> None:
        """Let every pattern by hand stand for names of a command that were not seen."""
        for seen in self._by_hand.values():
            seen.needs[command] = seen.needs.get(command, 0) | needs

    def _unlike(self, pattern: bytes) -> Seen:
        seen = self._unalike.get(pattern)
        if seen is None:
            if len(self._unalike) >= _MOST_UNALIKE:
                raise TooVariedError(
                    f"more than {_MOST_UNALIKE:,} names have no letter or digit in common: give a pattern by hand"
                )
            seen = self._unalike[pattern] = Seen()
        return seen

    def _walk(self, parts: Sequence[Part]) -> Seen:
        node = self._root
        trail = [node]
        for part in parts:
            node = self._step(node, part)
            trail.append(node)
        if node.seen is None:
            node.seen = Seen()
        # a node whose words have just become too many merges them, and what was found may be elsewhere afterwards
        merged = [self._merge_words(at, part.end) for at, part in zip(trail, parts, strict=False)]
        if any(merged):
            self._forget()
            return self._walk(parts)
        return node.seen

    def _step(self, node: _Node, part: Part) -> _Node:
        step = (part.pattern, part.end)
        if node.words.get(part.end) == _MERGED:
            step = (VARIABLE, part.end)
        below = node.steps.get(step)
        if below is None:
            if self._nodes >= _MOST_NODES:
                raise TooVariedError(f"the names have more than {_MOST_NODES:,} shapes: give patterns by hand")
            self._nodes += 1
            below = node.steps[step] = _Node(node.constant or (part.constant and step[0] != VARIABLE))
            if step[0] != VARIABLE:
                node.words[part.end] = node.words.get(part.end, 0) + 1
        return below

    def _merge_words(self, node: _Node, end: bytes) -> bool:
        """Make `*` of the words in one place if they have become too many; whether it did."""
        if node.words.get(end, 0) <= self._limit:
            return False
        if not node.constant:
            return node is self._root and node.words[end] > _MOST_UNALIKE and self._merge_beginnings(end)
        into = node.steps.get((VARIABLE, end)) or _Node(node.constant)
        for step in [step for step in node.steps if step[1] == end and step[0] != VARIABLE]:
            self._merge(into, node.steps.pop(step))
        node.steps[(VARIABLE, end)] = into
        node.words[end] = _MERGED
        return True

    def _merge(self, into: _Node, other: _Node) -> None:
        self._nodes -= 1
        if other.seen is not None:
            if into.seen is None:
                into.seen = Seen()
            into.seen.merge(other.seen)
        for end, count in other.words.items():
            if count == _MERGED and into.words.get(end) != _MERGED:
                into.words[end] = self._limit + 1
                self._merge_words(into, end)
        for step, below in other.steps.items():
            own = (VARIABLE, step[1]) if into.words.get(step[1]) == _MERGED else step
            if (same := into.steps.get(own)) is not None:
                self._merge(same, below)
            else:
                into.steps[own] = below
                if own[0] != VARIABLE:
                    into.words[own[1]] = into.words.get(own[1], 0) + 1
        for end in list(into.words):
            self._merge_words(into, end)

    def _merge_beginnings(self, end: bytes) -> bool:
        """Make `*` of first words that are followed by the same.

        :raises TooVariedError: too many are not.
        """
        ends: dict[tuple[_Step, ...], list[_Step]] = {}
        for step, below in self._root.steps.items():
            if step[1] == end and step[0] != VARIABLE:
                for path in _paths(below):
                    ends.setdefault(path, []).append(step)
        merged = False
        any_word = self._root.steps.get((VARIABLE, end))
        for path, steps in ends.items():
            joins = any_word is not None and _at(any_word, path) is not None
            if not _is_constant(path) or (len(steps) <= self._limit and not joins):
                continue
            into = self._root.steps.setdefault((VARIABLE, end), _Node(constant=False))
            for step in steps:
                self._move(self._root.steps[step], into, path)
            merged = True
        for step in [step for step, below in self._root.steps.items() if not below.steps and below.seen is None]:
            del self._root.steps[step]
            if step[0] != VARIABLE:
                self._root.words[step[1]] -= 1
        if self._root.words[end] > _MOST_UNALIKE:
            raise TooVariedError(
                f"more than {_MOST_UNALIKE:,} names begin differently and end differently: give patterns by hand"
            )
        return merged

    def _move(self, source: _Node, into: _Node, path: Sequence[_Step]) -> None:
        """Move what was seen at the end of a path, and remove what is empty then."""
        if not path:
            if source.seen is not None:
                if into.seen is None:
                    into.seen = Seen()
                into.seen.merge(source.seen)
                source.seen = None
            return
        step, *rest = path
        constant = into.constant or _has_constant(step[0])
        self._move(source.steps[step], into.steps.setdefault(step, _Node(constant)), rest)
        below = source.steps[step]
        if not below.steps and below.seen is None:
            del source.steps[step]
            self._nodes -= 1

    def found(self) -> dict[bytes, Seen]:
        """The patterns, each with what was seen behind it.

        :raises TooVariedError: there are too many names that share nothing.
        """
        for end in list(self._root.words):
            self._merge_beginnings(end)
        self._forget()
        patterns = {pattern: seen for pattern, seen in self._by_hand.items() if seen.needs} | self._unalike
        for path, seen in _leaves(self._root):
            pattern = b"".join(piece + escaped(end) for piece, end in path)
            if pattern in patterns:
                patterns[pattern].merge(seen)
            else:
                patterns[pattern] = seen
        return patterns


def _paths(node: _Node) -> Iterator[tuple[_Step, ...]]:
    return (path for path, _ in _leaves(node))


def _leaves(node: _Node) -> Iterator[tuple[tuple[_Step, ...], Seen]]:
    if node.seen is not None:
        yield (), node.seen
    for step, below in node.steps.items():
        for path, seen in _leaves(below):
            yield (step, *path), seen


def _at(node: _Node, path: Sequence[_Step]) -> _Node | None:
    for step in path:
        below = node.steps.get(step)
        if below is None:
            return None
        node = below
    return node if node.seen is not None else None


def _has_constant(pattern: bytes) -> bool:
    return any(part.constant for part in parts_of(pattern.replace(b"[0-9]*", b"").replace(b"*", b"")))


def _is_constant(path: Iterable[_Step]) -> bool:
    return any(_has_constant(pattern) for pattern, _ in path)


_GLOB: Final = re.compile(rb"[*?\[]")
_DIGITS: Final = b"09"
_FRESH: Final = b"\x01" * 200


def covers(wide: bytes, narrow: bytes) -> bool:
    """Whether a pattern matches all that another one of these patterns matches; False where it is not sure.

    What stands for any text in the narrow one is tried as text that no pattern spells out.
    """
    if wide == narrow:
        return True
    digits = narrow.replace(b"[0-9]", b"\x02")
    stretched = digits.replace(b"\\*", b"\x03").replace(b"*", _FRESH).replace(b"\x03", b"\\*")
    return all(matches(wide, _unescaped(stretched.replace(b"\x02", bytes([digit])))) for digit in _DIGITS)


def _unescaped(pattern: bytes) -> bytes:
    """A pattern without `*` and classes as one text that it matches, `?` as text that no pattern spells out."""
    pieces, at = [], 0
    while at < len(pattern):
        if pattern[at : at + 1] == b"\\" and at + 1 < len(pattern):
            at += 1
            pieces.append(pattern[at : at + 1])
        else:
            pieces.append(b"\x01" if pattern[at : at + 1] == b"?" else pattern[at : at + 1])
        at += 1
    return b"".join(pieces)


def satisfied(needs: int, allowed: Access) -> int:
    """Those of a set of needs that a pattern with these directions satisfies."""
    met = 0
    for value in range(4):
        if needs >> value & 1 and allowed & value == value and allowed:
            met |= 1 << value
    return met


def directions(needs: int) -> Access:
    """The least directions by which one pattern satisfies a set of needs."""
    allowed = Access.NONE
    for value in range(1, 4):
        if needs >> value & 1:
            allowed |= Access(value)
    return allowed or Access.READ


def without_covered(patterns: Mapping[bytes, int]) -> dict[bytes, Access]:
    """The patterns that are needed, with their directions, where wider ones do not satisfy what was needed of them.

    :param patterns: each with its set of needs.
    """
    order = _widest_first(list(patterns), covers)
    kept: dict[bytes, Access] = {}
    for pattern in order:
        needs = patterns[pattern]
        for wide, allowed in kept.items():
            if needs & ~satisfied(needs, allowed) != needs and covers(wide, pattern):
                needs &= ~satisfied(needs, allowed)
        if needs:
            kept[pattern] = directions(needs)
    return {pattern: kept[pattern] for pattern in sorted(kept)}


def _widest_first(patterns: list[bytes], wider: Callable[[bytes, bytes], bool]) -> list[bytes]:
    """Patterns ordered so that one that covers another comes before it."""
    plain = [pattern for pattern in patterns if not _GLOB.search(pattern)]
    globs = sorted(pattern for pattern in patterns if _GLOB.search(pattern))
    ordered: list[bytes] = []
    for pattern in globs:
        at = next((place for place, other in enumerate(ordered) if wider(pattern, other)), len(ordered))
        ordered.insert(at, pattern)
    return ordered + plain
