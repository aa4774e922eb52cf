"""The wire protocol by hand: connections of which a test knows every byte, from any address of this machine."""

import socket
from collections.abc import Sequence
from typing import Final, Self

from tests.testbed import PATIENCE_SECONDS

Word = str | bytes | int | float


class WireError(Exception):
    """An error reply. Returned, not raised."""


Reply = bytes | int | None | WireError | list["Reply"]

_CRLF: Final = b"\r\n"


class Wire:
    """One connection that sends words and reads replies of RESP2."""

    def __init__(self, address: str | tuple[str, int], source: str | None = None) -> None:
        """Connect.

        :param address: the path of a unix socket, or host and port.
        :param source: from which address of this machine, such as 127.0.0.2.
        """
        if isinstance(address, str):
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.settimeout(PATIENCE_SECONDS)
            self._socket.connect(address)
        else:
            self._socket = socket.create_connection(
                address, PATIENCE_SECONDS, source_address=(source, 0) if source is not None else None
            )
        self._file = self._socket.makefile("rb")

    def call(self, *words: Word) -> Reply:
        """Send one call and read one reply."""
        return self.pipeline([words])[0]

    def pipeline(self, calls: Sequence[Sequence[Word]]) -> list[Reply]:
        """Send all calls at once, and read a reply for each."""
        self._socket.sendall(b"".join(map(_encoded, calls)))
        return [self._reply() for _ in calls]

    def _reply(self) -> Reply:
        line = self._file.readline()
        if not line.endswith(_CRLF):
            raise ConnectionError("the server closed the connection")
        kind, text = line[:1], line[1:-2]
        if kind == b"+":
            return text
        if kind == b"-":
            return WireError(text.decode("utf-8", "replace"))
        if kind == b":":
            return int(text)
        length = int(text)
        if length < 0:
            return None
        if kind == b"$":
            return self._file.read(length + 2)[:-2]
        return [self._reply() for _ in range(length)]

    def close(self) -> None:
        """Close the connection."""
        self._file.close()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _encoded(words: Sequence[Word]) -> bytes:
    pieces = [b"*%d\r\n" % len(words)]
    for word in words:
        data = word if isinstance(word, bytes) else str(word).encode()
        pieces.append(b"$%d\r\n%b\r\n" % (len(data), data))
    return b"".join(pieces)


def errors_in(reply: Reply) -> list[str]:
    """The errors in a reply, also those inside of the reply to EXEC."""
    if isinstance(reply, WireError):
        return [str(reply)]
    if isinstance(reply, list):
        return [text for part in reply for text in errors_in(part)]
    return []


def is_refused(reply: Reply) -> bool:
    """Whether a reply says that the user lacks a permission."""
    return any(mark in text for text in errors_in(reply) for mark in _REFUSALS)


_REFUSALS: Final = ("NOPERM", "ermission", "ACL failure", "can't run this command", "can't access")
