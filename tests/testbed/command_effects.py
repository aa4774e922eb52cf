"""What the commands of a server do with keys, found out by running each of them on two sets of data.

The two sets differ in nothing but their values. So a reply that differs shows a value, and another key whose content
differs afterwards has got one. Nothing is taken from the pack: names, forms and keys are what the server says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import redis

from tests.testbed.effect_data import ABSENT, KINDS_OF_A_TYPE, LOOK, OWN, RUNNABLE_CALLS, SETS, Command, data_commands
from tests.testbed.servers import Link
from tests.testbed.verdicts import Form

NOT_RUN: Final[Mapping[str, str]] = {
    "migrate": "it needs a second server, and takes the key there, where its caller reads it",
    **dict.fromkeys(
        ("eval", "evalsha", "eval_ro", "evalsha_ro", "fcall", "fcall_ro"),
        "what it does is up to the script",
    ),
}
"""Commands on keys that are not run, each with the reason."""


@dataclass
class Effects:
    """Names of commands, by what they were seen to do.

    `…_later`: with a key that is not the first argument, so also where a rule fixes that (`+mget|a`).
    """

    shows: set[str] = field(default_factory=set)
    shows_later: set[str] = field(default_factory=set)
    moves: set[str] = field(default_factory=set)
    """A value of one key is in another key afterwards."""
    moves_later: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    changes_later: set[str] = field(default_factory=set)
    work_with_one_key: set[str] = field(default_factory=set)
    """They run although the call names a single key."""
    ran: set[str] = field(default_factory=set)
    """They came to something at least once."""


def effects_of(link: Link, forms: Mapping[str, Sequence[Form]]) -> Effects:
    """Run every command on keys that the server knows, but for `NOT_RUN`; the server's data is lost.

    :param link: a connection of the administrator.
    :param forms: what `CallForms` found on the same server.
    """
    runs = _Runs(link)
    for name, several in forms.items():
        if name not in NOT_RUN and any(form.keys for form in several):
            calls = [[*form.words] for form in several if form.keys]
            places = [[place for place, _ in form.keys] for form in several if form.keys]
            for words in _runnable(name):
                calls.append(words)
                places.append([place for place, word in enumerate(words) if word == b"K"])
            for words, keys in zip(calls, places, strict=True):
                runs.try_out(name, words, keys)
    return runs.found


def _runnable(name: str) -> Iterator[list[bytes]]:
    for call in RUNNABLE_CALLS:
        words = call.encode().split()
        if name.encode() in {words[0], b"|".join(words[:2])}:
            yield words


class _Run(NamedTuple):
    """What a call came to."""

    reply: str
    others: list[object]
    """What is in the keys that hold no secret, and were the same before whatever the secret."""
    changed: set[bytes]


class _Runs:
    def __init__(self, link: Link) -> None:
        self.found = Effects()
        self._link = link
        self._look = _text(link.call("SCRIPT", "LOAD", LOOK))
        self._data = [data_commands("", 1, values) | data_commands(OWN, 2, SETS[0]) for values in SETS]
        link.pipeline([("FLUSHALL",), *(one for commands in self._data[0].values() for one in commands)])
        link.call("RPUSH", f"{OWN}letters", "g")

    def try_out(self, name: str, words: list[bytes], places: Sequence[int]) -> None:
        """Make one call with a key of each type in each place, other places filled with keys of the caller."""
        for several in KINDS_OF_A_TYPE if places else ():
            if self._is_of_wrong_type(words, places, several[0].encode()):
                continue
            for kind in map(str.encode, several):
                fillings = {(kind,) * len(places)}
                for others in (ABSENT, OWN.encode() + kind) if len(places) > 1 else ():
                    fillings |= {tuple(kind if at == place else others for at in places) for place in places}
                for filling in sorted(fillings, reverse=True):
                    self._compare(name, _filled(words, places, filling), kind)
        if places:
            absent = [ABSENT, *(OWN.encode() + ABSENT for _ in places[1:])]
            self._compare(name, _filled(words, places, absent), ABSENT)
        else:
            self._compare(name, words, b"string")

    def _is_of_wrong_type(self, words: list[bytes], places: Sequence[int], kind: bytes) -> bool:
        reply = self._reply(_filled(words, places, [kind] * len(places)))
        if not isinstance(reply, redis.ResponseError):
            self._link.pipeline(self._restoring(kind, self._data[0]))
        return "wrong kind" in str(reply)

    def _compare(self, name: str, words: Sequence[bytes], kind: bytes) -> None:
        """Make a call on both sets of data, unless the server refuses it, which changes nothing."""
        if isinstance(self._reply(words), redis.ResponseError):
            return
        keys = [key for key in (kind, OWN.encode() + kind, ABSENT) if key in words]
        first, second = self._runs(words, kind, keys)
        self.found.ran.add(name)
        if len(keys) == 1 and words.count(keys[0]) == 1:
            self.found.work_with_one_key.add(name)
        self._note(name, words[1], kind, first, second)

    def _note(self, name: str, first_argument: bytes, kind: bytes, first: _Run, second: _Run) -> None:
        found = self.found
        moved = first.others != second.others
        # The reply of what has moved a value is about that: a count of it.
        shown = first.reply != second.reply and not moved
        later = kind != first_argument
        for seen, at_all, behind_first in (
            (moved, found.moves, found.moves_later if later else None),
            (shown, found.shows, found.shows_later if later else None),
            (bool(first.changed), found.changes, found.changes_later if first.changed - {first_argument} else None),
        ):
            if seen:
                at_all.add(name)
                # Rules fix no first argument of a subcommand.
                if behind_first is not None and "|" not in name:
                    behind_first.add(name)

    def _reply(self, words: Sequence[bytes]) -> object:
        return _last(self._link.pipeline(_without_waiting(words)))

    def _runs(self, words: Sequence[bytes], kind: bytes, keys: Sequence[bytes]) -> list[_Run]:
        """Make a call on each set of data, all in one go, and leave the first set."""
        look: Command = ("EVALSHA", self._look, len(keys), *keys)
        commands: list[Command] = []
        ends: list[int] = []
        for data in self._data:
            commands += [*self._restoring(kind, data), look, *_without_waiting(words), look]
            ends.append(len(commands))
        replies = self._link.pipeline([*commands, *self._restoring(kind, self._data[0])])
        before_call = -2 - len(_without_waiting(words))
        runs = []
        for end in ends:
            of_call = replies[end + before_call + 1 : end - 1]
            was, now = (
                dict(zip(keys, _lines(seen), strict=True)) for seen in (replies[end + before_call], replies[end - 1])
            )
            runs.append(
                _Run(
                    _comparable(_last(of_call)),
                    others=[now[key] for key in keys if key != kind],
                    changed={key for key in keys if was[key] != now[key]},
                )
            )
        return runs

    @staticmethod
    def _restoring(kind: bytes, data: Mapping[str, Sequence[Command]]) -> list[Command]:
        """What brings back all that a call on keys of a kind may have changed."""
        names = [kind.decode(), OWN + kind.decode()]
        return [("DEL", ABSENT, *names), *(command for name in names for command in data.get(name, ()))]


def _without_waiting(words: Sequence[bytes]) -> list[Command]:
    """A call as it is, or in a transaction, in which no command waits for what does not come."""
    waits = b"block" in words or (words[0].startswith(b"b") and not words[0].startswith(b"bit"))
    return [("MULTI",), words, ("EXEC",)] if waits else [words]


def _last(replies: Sequence[object]) -> object:
    """The reply of a call that `_without_waiting` made."""
    last = replies[-1]
    return last[0] if len(replies) > 1 and isinstance(last, list) else last


def _filled(words: Sequence[bytes], places: Sequence[int], keys: Sequence[bytes]) -> list[bytes]:
    filled = [*words]
    for place, key in zip(places, keys, strict=True):
        filled[place] = key
    return filled


def _lines(seen: object) -> list[object]:
    if not isinstance(seen, list):
        raise TypeError(f"expected what the keys hold, got {seen!r}")
    return seen


def _text(reply: object) -> str:
    if not isinstance(reply, bytes):
        raise TypeError(f"expected text from the server, got {reply!r}")
    return reply.decode()


def _comparable(reply: object) -> str:
    """Without the order of sets."""
    return repr(sorted(reply, key=repr) if isinstance(reply, list) else reply)
