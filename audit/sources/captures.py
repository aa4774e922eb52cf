"""Opens captures: plain or gzip, files or standard input, of any length."""

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final, cast

STANDARD_INPUT: Final = "-"
_GZIP: Final = b"\x1f\x8b"
_BUFFER: Final = 1 << 20


class CaptureError(Exception):
    """The file cannot be read, or not to its end; the text names it and says what is wrong."""


def name_of(path: str) -> str:
    """A file's name for people."""
    return "standard input" if path == STANDARD_INPUT else path


def lines_of(path: str) -> Iterator[bytes]:
    """The lines of a capture, one after another.

    :param path: a file, or "-" for standard input.
    :raises CaptureError: it cannot be read, or ends in the middle; after the lines that could be read.
    """
    name = name_of(path)
    try:
        if path == STANDARD_INPUT:
            yield from _unpacked(sys.stdin.buffer)
        else:
            with Path(path).open("rb", buffering=_BUFFER) as file:
                yield from _unpacked(file)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise CaptureError(f"{name}: is cut short or damaged inside; what stands before that is read") from None
    except OSError as failure:
        raise CaptureError(f"{name}: {(failure.strerror or 'cannot be read').lower()}") from None


def _unpacked(file: IO[bytes]) -> IO[bytes]:
    packed = isinstance(file, io.BufferedReader) and file.peek(len(_GZIP)).startswith(_GZIP)
    return cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if packed else file
