"""Ask real servers whether a user with some access string may make some call.

Servers from 7.0 on answer ACL DRYRUN, so nothing runs. Redis 6.2 has no DRYRUN: there the call is queued inside
MULTI, where the same check is made, and thrown away.
"""

import socket
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Final, NamedTuple, Protocol

import redis

from acl.commands import Access
from tests.testbed.servers import Link

_USER: Final = b"u"
_RECEIVE_BYTES: Final = 1 << 18


class Verdict(Enum):
    """What a server says about a call."""

    ALLOWED = "allowed"
    NO_COMMAND = "no permission to run the command"
    NO_ACCESS = "no permission for a key, channel or database"


class Form(NamedTuple):
    """A form of call of one command."""

    command: str
    """The name in the command table."""
    words: tuple[bytes, ...]
    keys: tuple[tuple[int, Access], ...]
    """Which of the words are keys, and what the command needs of each."""
    takes_any_first_argument: bool
    """The first argument is neither a subcommand nor a key nor a count of keys, so it may be anything."""


class Call(NamedTuple):
    """One call made from a database: all that a server looks at to judge it."""

    form: Form
    words: tuple[bytes, ...]
    database: int


class Question(NamedTuple):
    """A valid access string, split into its words, and the calls to judge for a user with it."""

    rules: Sequence[bytes]
    calls: Sequence[Call]


class Judge(Protocol):
    """One kind of server, and how it is asked."""

    def refusal(self, rules: Sequence[bytes]) -> str | None:
        """Return the server's error for a user with these rules; None when it accepts them."""

    def verdicts(self, questions: Sequence[Question]) -> list[list[Verdict]]:
        """Return what the server says about each call of each question."""


class RawLink:
    """A connection for bulk: whole blobs of commands out, one line or text of each reply in.

    Ten times as fast as a client library, which makes an object of each reply; that decides how many strings can be
    compared in a test run.
    """

    def __init__(self, socket_path: str) -> None:
        """Connect to the unix socket at `socket_path`."""
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(socket_path)

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def ask(self, blob: bytes, replies: int) -> list[bytes]:
        """Send packed commands and return their replies: a status or error with its mark (`+OK`), or a text without.

        :param replies: how many there will be; lists of replies are not understood.
        :raises ConnectionError: the server hung up.
        """
        self._socket.sendall(blob)
        found: list[bytes] = []
        buffer = b""
        start = 0
        while len(found) < replies:
            end = buffer.find(b"\r\n", start)
            if end >= 0 and not buffer.startswith(b"$", start):
                found.append(buffer[start:end])
                start = end + 2
                continue
            if end >= 0:
                text_end = end + 2 + int(buffer[start + 1 : end])
                if len(buffer) >= text_end + 2:
                    found.append(buffer[end + 2 : text_end])
                    start = text_end + 2
                    continue
            received = self._socket.recv(_RECEIVE_BYTES)
            if not received:
                raise ConnectionError("the server hung up")
            buffer = buffer[start:] + received
            start = 0
        return found


def packed(*words: bytes) -> bytes:
    """One command in the servers' protocol."""
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words)


def judge_of(link: Link, raw: RawLink, *, has_dry_run: bool) -> Judge:
    """Return the judge for a server: by ACL DRYRUN, or by queueing in MULTI where there is none.

    :param link: a connection of the administrator.
    :param raw: another one, for the judge alone.
    """
    return _DryRun(link, raw) if has_dry_run else _Queueing(link, raw)


class _ByTrying:
    def __init__(self, link: Link, raw: RawLink) -> None:
        self._link = link
        self._raw = raw

    def refusal(self, rules: Sequence[bytes]) -> str | None:
        made, _ = self._link.pipeline([("ACL", "SETUSER", "fresh", *rules), ("ACL", "DELUSER", "fresh")])
        return str(made) if isinstance(made, redis.ResponseError) else None


class _DryRun(_ByTrying):
    def verdicts(self, questions: Sequence[Question]) -> list[list[Verdict]]:
        commands: list[bytes] = []
        places = [list(self._ask(question, commands)) for question in questions]
        replies = self._raw.ask(b"".join(commands), len(commands))
        return [[_verdict(replies[place]) for place in of_question] for of_question in places]

    @staticmethod
    def _ask(question: Question, commands: list[bytes]) -> Iterator[int]:
        """Append the commands that ask a question, and yield the place of each call's reply."""
        commands.append(packed(b"ACL", b"DELUSER", _USER))
        commands.append(packed(b"ACL", b"SETUSER", _USER, *question.rules))
        database = 0
        for call in question.calls:
            if call.database != database:
                database = call.database
                commands.append(packed(b"SELECT", b"%d" % database))
            yield len(commands)
            commands.append(packed(b"ACL", b"DRYRUN", _USER, *call.words))
        if database:
            commands.append(packed(b"SELECT", b"0"))


class _Queueing(_ByTrying):
    """Logs in as the user and queues each call.

    The transaction is opened before the user gets the rules in question, and spoilt by an unknown command, so that even
    an allowed EXEC runs nothing.
    """

    # These leave the transaction or the login, so they come last, in an order in which each can be judged.
    _LAST: Final = (b"exec", b"discard", b"reset")

    def verdicts(self, questions: Sequence[Question]) -> list[list[Verdict]]:
        return [self._answers(question) for question in questions]

    def _answers(self, question: Question) -> list[Verdict]:
        rules: tuple[str | bytes, ...] = ("ACL", "SETUSER", _USER, "reset")
        self._link.call(*rules, "on", "nopass", "+multi")
        self._raw.ask(packed(b"AUTH", _USER, b"any") + packed(b"MULTI") + packed(b"no-such-command"), 3)
        self._link.call(*rules, *question.rules, "on", "nopass")
        order = sorted(range(len(question.calls)), key=lambda place: self._rank(question.calls[place]))
        blob = b"".join(packed(*question.calls[place].words) for place in order)
        replies = dict(zip(order, self._raw.ask(blob, len(order)), strict=True))
        self._link.call(*rules, "on", "nopass", "+discard")
        self._raw.ask(packed(b"DISCARD"), 1)
        return [_verdict_in_transaction(replies[place]) for place in range(len(order))]

    def _rank(self, call: Call) -> int:
        return self._LAST.index(call.words[0]) + 1 if call.words[0] in self._LAST else 0


def _verdict(reply: bytes) -> Verdict:
    if reply == b"+OK":
        return Verdict.ALLOWED
    if b"permissions to run" in reply:
        return Verdict.NO_COMMAND
    if b"permissions to access" in reply:
        return Verdict.NO_ACCESS
    raise RuntimeError(f"the server neither allows nor forbids the call: {reply!r}")


def _verdict_in_transaction(reply: bytes) -> Verdict:
    if reply.startswith(b"-NOPERM") or b"because of: NOPERM" in reply:
        return _verdict(reply)
    # The arity is checked before the permissions, so such a reply would say nothing.
    looked_at = b"wrong number of arguments" not in reply and b"unknown command" not in reply
    if looked_at and reply.startswith((b"+QUEUED", b"+OK", b"+RESET", b"-EXECABORT", b"-ERR")):
        return Verdict.ALLOWED
    raise RuntimeError(f"the server neither queues nor forbids the call: {reply!r}")
