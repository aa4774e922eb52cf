"""Sets of small numbers as integers: bit i is set when i is in the set."""

from collections.abc import Iterator


def bits(members: int) -> Iterator[int]:
    """The members of a set, lowest first."""
    while members:
        lowest = members & -members
        yield lowest.bit_length() - 1
        members ^= lowest


def add_to(row: bytearray, member: int) -> None:
    """Put a member into a set that is being filled: for large sets, a row of bytes is cheaper to change."""
    row[member >> 3] |= 1 << (member & 7)


def filled(row: bytearray) -> int:
    """The set that `add_to` filled."""
    return int.from_bytes(row, "little")
