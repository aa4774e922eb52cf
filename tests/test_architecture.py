"""Six rooms, imports one way: acl <- elasticache <- rulebook <- policies <- {enforce, audit}."""

import ast
import sys
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "acl": {"acl"},
    "elasticache": {"acl", "elasticache"},
    "rulebook": {"acl", "elasticache", "rulebook"},
    "policies": {"acl", "elasticache", "rulebook", "policies"},
    "enforce": {"acl", "elasticache", "rulebook", "policies", "enforce"},
    "audit": {"acl", "elasticache", "rulebook", "policies", "audit"},
}
OUTSIDE = {
    "acl": set[str](),
    "rulebook": {"msgspec"},
    "elasticache": set[str](),
    "policies": set[str](),
    "enforce": {"msgspec", "pulumi", "pulumi_policy", "google", "grpc"},
    "audit": {"msgspec"},
}
"""Packages from outside that each room may import."""


def imports_of(room: str) -> dict[str, set[str]]:
    """Each file of a room to the top-level packages that it imports."""
    found = {}
    for path in sorted((ROOT / room).rglob("*.py")):
        names: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: imports are absolute, so that they can be followed by name"
                names.add((node.module or "").partition(".")[0])
        found[path.relative_to(ROOT).as_posix()] = names
    return found


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_go_one_way(room: str) -> None:
    for path, names in imports_of(room).items():
        wrong = (names & MAY_IMPORT.keys()) - MAY_IMPORT[room]
        assert not wrong, f"{path} imports {wrong}: {room} may import {sorted(MAY_IMPORT[room])} only"


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_only_enforce_stands_on_pulumi(room: str) -> None:
    for path, names in imports_of(room).items():
        wrong = names - set(sys.stdlib_module_names) - MAY_IMPORT.keys() - OUTSIDE[room]
        assert not wrong, f"{path} imports {wrong}: only enforce/ knows Pulumi's SDK"


def test_no_room_has_the_name_of_an_installed_package() -> None:
    """The pack's folder is first on sys.path, so a room would shadow a package of its name, or be shadowed."""
    installed = set(metadata.packages_distributions())

    assert not installed & MAY_IMPORT.keys()
    assert not set(sys.stdlib_module_names) & MAY_IMPORT.keys()
