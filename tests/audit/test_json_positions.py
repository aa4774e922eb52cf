"""The places of keys and elements in a JSON text, held against what Python's own reader sees."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.json_positions import DuplicateKeyError, Path, Position, positions_in

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def paths_of(value: Any, path: Path = ()) -> Iterator[Path]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in items:
        yield (*path, step)
        yield from paths_of(inner, (*path, step))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(VALUES, st.sampled_from([None, 0, 2, "\t"]), st.booleans())
def test_every_key_and_element_has_its_place(value: object, indent: int | str | None, ascii_only: bool) -> None:
    """What starts at the place is the key, or the element."""
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    lines = text.split("\n")
    found = positions_in(text)

    assert [*found] == [*paths_of(value)]
    for path, (line, column) in found.items():
        there = lines[line - 1][column - 1 :]
        if isinstance(path[-1], str):
            assert json.JSONDecoder().raw_decode(there)[0] == path[-1]
        else:
            assert there[0] in '"-0123456789tfn{['


@pytest.mark.parametrize(
    ("text", "path", "position"),
    [
        ('{"a": 1, "a": 2}', ("a",), Position(1, 10)),
        ('{"b": [{"a": 1,\n  "a": 1}]}', ("b", 0, "a"), Position(2, 3)),
        ('{"\\u0061": 1, "a": 1}', ("a",), Position(1, 15)),
    ],
)
def test_a_key_that_stands_twice_is_refused(text: str, path: Path, position: Position) -> None:
    with pytest.raises(DuplicateKeyError) as refused:
        positions_in(text)

    assert (refused.value.path, refused.value.position) == (path, position)


@pytest.mark.parametrize("text", ['{"a": {"a": 1}, "A": 1}', '[{"a": 1}, {"a": 1}]', '{"a": "a", "b": "a"}', '"a"'])
def test_the_same_key_elsewhere_is_no_duplicate(text: str) -> None:
    assert [*positions_in(text)] == [*paths_of(json.loads(text))]
