"""Sets of small numbers as integers: bit i is set when i is in the set."""

from collections.abc import Iterator


def bits(members: int) -> Iterator[int]:
    """The members of a set, lowest first."""
    while members:
        lowest = members & -members
        yield lowest.bit_length() - 1
        members ^= lowest
