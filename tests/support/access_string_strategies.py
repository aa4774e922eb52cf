"""Hypothesis strategies for access strings, on the generator that the comparison with real servers uses."""

from hypothesis import strategies as st

from tests.testbed.random_access_strings import RandomAccessStrings


def access_strings(server: str = "valkey-9.1") -> st.SearchStrategy[str]:
    """Access strings of every kind of rule, most of them valid on the server line."""
    return st.randoms(use_true_random=False).map(lambda random: RandomAccessStrings(server, random).string())


def glob_patterns(server: str = "valkey-9.1") -> st.SearchStrategy[str]:
    """Key patterns, often odd: unclosed classes, escapes, runs of stars."""
    return st.randoms(use_true_random=False).map(lambda random: RandomAccessStrings(server, random).glob())
