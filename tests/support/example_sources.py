"""Reads the user out of an example's source, in any of the languages, without running it.

Python and YAML are parsed. The others are read by their tokens: every language spells a property's name and its value
one after the other, and differs in the signs between them.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
RESOURCE = "test"
"""The name of the user in every example, as in the guide."""

# All inputs of the resource and of its authenticationMode, so that none is overlooked.
_PROPERTIES = {
    *("accessString", "authenticationMode", "engine", "noPasswordRequired", "passwords", "passwordsWo"),
    *("passwordsWoVersion", "region", "tags", "userId", "userName", "type", "passwordCount"),
}
_LISTS = {"passwords"}
_TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?P<text>[^"]*)"|(?P<number>\d+)|(?P<word>\w+)|(?P<sign>[^\w\s])', re.DOTALL)
_OPENING, _CLOSING = "([{", ")]}"
# What stands between a property's name and its value: TypeScript and Go, C#, Java.
_BEHIND_A_NAME = {":", "=", "("}


def path_of(language: str, example: str) -> Path:
    """Return where an example is written down in a language."""
    pascal = "".join(word.capitalize() for word in example.split("-"))
    return (
        EXAMPLES
        / {
            "typescript": f"typescript/{example}.ts",
            "python": f"python/{example.replace('-', '_')}.py",
            "go": f"go/{example.replace('-', '_')}.go",
            "java": f"java/src/main/java/examples/{pascal}.java",
            "csharp": f"csharp/{pascal}.cs",
            "yaml": f"yaml/{example}/Pulumi.yaml",
        }[language]
    )


def read(language: str, source: str) -> dict[str, Any]:
    """Return the user's properties, named as on the wire; what comes from a resource is `${NAME.OUTPUT}` as in YAML."""
    readers: dict[str, Callable[[str], dict[str, Any]]] = {"python": read_python, "yaml": _read_yaml}
    return readers.get(language, _read_tokens)(source)


def read_python(source: str) -> dict[str, Any]:
    """Read a Python program with one user, or a function of it."""
    tree = ast.parse(source)
    names = {
        statement.targets[0].id: ast.literal_eval(statement.value.args[0])
        for statement in ast.walk(tree)
        if isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and isinstance(statement.value, ast.Call)
    }
    (user,) = [
        call for call in ast.walk(tree) if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(".User")
    ]
    assert ast.literal_eval(user.args[0]) == RESOURCE

    def value_of(node: ast.expr) -> Any:
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=output):
                return f"${{{names[name]}.{output}}}"
            case ast.List(elts=elements):
                return [value_of(element) for element in elements]
            case ast.Dict(keys=keys, values=values):
                return {ast.literal_eval(key): value_of(value) for key, value in zip(keys, values, strict=True) if key}
            case _:
                return ast.literal_eval(node)

    return {_camel(keyword.arg or ""): value_of(keyword.value) for keyword in user.keywords}


def _read_yaml(source: str) -> dict[str, Any]:
    program = yaml.safe_load(source)
    assert program["runtime"] == "yaml"
    user = program["resources"][RESOURCE]
    assert user["type"] == "aws:elasticache:User"
    properties: dict[str, Any] = user["properties"]
    return properties


def _read_tokens(source: str) -> dict[str, Any]:
    """Read what comes behind the resource's name, or before it where the arguments are made before the resource."""
    properties: dict[str, Any] = {}
    target, name = properties, ""
    depth, depth_of_mode = 0, -1
    tokens = [*_tokens(source)]
    for position, (kind, token) in enumerate(tokens):
        following = [text for _, text in tokens[position + 1 : position + 3]] + ["", ""]
        if kind == "sign":
            depth += (token in _OPENING) - (token in _CLOSING)
        elif kind == "word" and _lower(token) in _PROPERTIES and following[0] in _BEHIND_A_NAME:
            name = _lower(token)
            if depth <= depth_of_mode or depth_of_mode < 0:
                target, depth_of_mode = properties, -1
            if name == "authenticationMode":
                target = properties[name] = {}
                depth_of_mode = depth
        elif name and (kind != "word" or token in {"true", "false"} or _is_output(following)):
            _add(target, name, _value(kind, token))
    return properties


def _is_output(following: list[str]) -> bool:
    """Whether a word is a resource whose output `result` is taken."""
    return following[0] == "." and _lower(following[1]) == "result"


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(source):
        if match.lastgroup:
            yield match.lastgroup, match[match.lastgroup]


def _value(kind: str, token: str) -> object:
    if kind == "word":
        return {"true": True, "false": False}.get(token, f"${{{token}.result}}")
    return int(token) if kind == "number" else token


def _add(target: dict[str, Any], name: str, value: object) -> None:
    if name in _LISTS:
        target.setdefault(name, []).append(value)
    else:
        target.setdefault(name, value)


def _lower(word: str) -> str:
    return word[:1].lower() + word[1:]


def _camel(word: str) -> str:
    return re.sub("_(.)", lambda match: match[1].upper(), word)
