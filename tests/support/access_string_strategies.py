"""Hypothesis strategies for access strings, on the generator that the comparison with real servers uses."""

from hypothesis import strategies as st

from tools.random_access_strings import RandomAccessStrings


def access_strings(server: str = "valkey-9.1") -> st.SearchStrategy[str]:
    """Access strings of every kind of rule, most of them valid on the server line."""
    return st.randoms(use_true_random=False).map(lambda random: RandomAccessStrings(server, random).string())


def glob_patterns(server: str = "valkey-9.1") -> st.SearchStrategy[str]:
    """Key patterns, often odd: unclosed classes, escapes, runs of stars."""
    return st.randoms(use_true_random=False).map(lambda random: RandomAccessStrings(server, random).glob())


def any_text_as_access_string() -> st.SearchStrategy[str]:
    """What no one would write on purpose: any text at all, or a good string with any text in it."""
    return st.one_of(
        st.text(),
        st.tuples(access_strings(), st.text(max_size=8), access_strings()).map("".join),
    )
