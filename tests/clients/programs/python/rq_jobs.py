"""Jobs for RQ, which workers import by their names."""


def add(x: int, y: int) -> int:
    """Add."""
    return x + y


def fail() -> None:
    """Fail.

    :raises ValueError: always.
    """
    raise ValueError("on purpose")
