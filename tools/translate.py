"""Write a Pulumi program in YAML as TypeScript, Python or Go: `python -m tools.translate PROGRAM.yaml LANGUAGE`.

It is for the programs of the documentation, which stand there in YAML and are run by tests: ElastiCache's users, groups
and caches, and what goes with them. What it does not know it refuses, and does not guess. Exit code 0, or 1 with one
line that says what it does not know.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import yaml


class TranslationError(Exception):
    """A program holds something that is not translated; the text names it."""


class Kind(NamedTuple):
    """A resource type as the languages spell it."""

    package: str
    module: str
    """Empty for a package without modules."""
    name: str


KINDS: Final[Mapping[str, Kind]] = {
    "aws:elasticache:User": Kind("aws", "elasticache", "User"),
    "aws:elasticache:UserGroup": Kind("aws", "elasticache", "UserGroup"),
    "aws:elasticache:ServerlessCache": Kind("aws", "elasticache", "ServerlessCache"),
    "aws:iam:RolePolicy": Kind("aws", "iam", "RolePolicy"),
    "aws:secretsmanager:Secret": Kind("aws", "secretsmanager", "Secret"),
    "aws:secretsmanager:SecretVersion": Kind("aws", "secretsmanager", "SecretVersion"),
    "random:RandomPassword": Kind("random", "", "RandomPassword"),
}
"""The resource types of the documentation's programs."""

_GO_MODULES: Final = {
    "aws": "github.com/pulumi/pulumi-aws/sdk/v7/go/aws",
    "random": "github.com/pulumi/pulumi-random/sdk/v4/go/random",
}
_MAPS: Final = frozenset({"tags"})
"""Properties whose keys are the program's own, and are left as they are."""

_REFERENCE: Final = re.compile(r"\$\{(?P<name>[\w-]+)(?:\.(?P<property>\w+))?\}")
_SPACES: Final = "    "
_TAB: Final = "\t"


class Reference(NamedTuple):
    """An output of another resource, or a secret of the stack's configuration, which has no property."""

    name: str
    property: str | None


class ToJson(NamedTuple):
    """A value that is sent as JSON text."""

    value: object


class Resource(NamedTuple):
    """One resource of a program, with `Reference` and `ToJson` among its values."""

    name: str
    kind: Kind
    properties: dict[str, object]


class Program(NamedTuple):
    """A program, read."""

    secrets: tuple[str, ...]
    resources: tuple[Resource, ...]

    def packages(self) -> list[str]:
        """The packages of its resources, in order."""
        return sorted({resource.kind.package for resource in self.resources})

    def referred(self) -> set[str]:
        """The names of the resources that others refer to."""
        return {found.name for resource in self.resources for found in _references(resource.properties)}

    def holds_json(self) -> bool:
        """Whether any value is sent as JSON text."""
        return any(isinstance(value, ToJson) for resource in self.resources for value in resource.properties.values())


def read(text: str) -> Program:
    """Read a program in YAML.

    :raises TranslationError: it holds something that is not known here.
    """
    document = yaml.safe_load(text)
    if unknown := document.keys() - {"config", "resources", "name", "runtime"}:
        raise TranslationError(f"programs with {min(unknown)} are not translated")
    config = document.get("config", {})
    if plain := [name for name, entry in config.items() if not entry.get("secret")]:
        raise TranslationError(f"config {plain[0]} is not a secret")
    resources = []
    for name, body in document["resources"].items():
        kind = KINDS.get(body["type"])
        if kind is None:
            raise TranslationError(f"resources of type {body['type']} are not translated")
        properties = {key: _value(value) for key, value in body.get("properties", {}).items()}
        resources.append(Resource(name, kind, properties))
    return Program(tuple(config), tuple(resources))


def translate(text: str, language: str) -> str:
    """Write a program in YAML in another language: one of `LANGUAGES`.

    :raises TranslationError: it holds something that is not known here.
    """
    return LANGUAGES[language](read(text))


def _value(written: object) -> object:
    if isinstance(written, list):
        return [_value(element) for element in written]
    if isinstance(written, dict):
        if [*written] == ["fn::toJSON"]:
            return ToJson(_value(written["fn::toJSON"]))
        if function := [key for key in written if key.startswith("fn::")]:
            raise TranslationError(f"{function[0]} is not translated")
        return {key: _value(inner) for key, inner in written.items()}
    if isinstance(written, str) and "${" in written:
        reference = _REFERENCE.fullmatch(written)
        if reference is None:
            raise TranslationError(f"{written} is not a whole reference")
        return Reference(reference["name"], reference["property"])
    return written


def _references(value: object) -> Iterator[Reference]:
    if isinstance(value, Reference):
        yield value
    elif isinstance(value, ToJson):
        yield from _references(value.value)
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _references(inner)


def _words(name: str) -> list[str]:
    return [word.lower() for word in re.sub(r"([A-Z])", r" \1", name).replace("-", " ").replace("_", " ").split()]


def _snake(name: str) -> str:
    return "_".join(_words(name))


def _camel(name: str) -> str:
    return _pascal(name)[:1].lower() + _pascal(name)[1:]


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in _words(name))


def _quoted(text: str) -> str:
    return json.dumps(text)


def _block(opened: str, lines: list[str], closed: str, indent: str) -> str:
    """Lines between brackets, each a step further in."""
    inner = "".join(f"{indent}{line}\n".replace("\n", f"\n{indent}")[: -len(indent)] for line in lines)
    return f"{opened}\n{inner}{closed}"


def _literal(
    value: list[object] | dict[str, object], one: Callable[[object], str], keys: Callable[[str], str], space: str
) -> str:
    """A list or a map in brackets and braces, as TypeScript and Python write it.

    :param space: what stands inside the braces of a map on one line.
    """
    if isinstance(value, list):
        parts = [one(element) for element in value]
        if len(parts) == 1 and "\n" not in parts[0]:
            return f"[{parts[0]}]"
        return _block("[", [f"{part}," for part in parts], "]", _SPACES)
    parts = [f"{keys(key)}: {one(inner)}" for key, inner in value.items()]
    if len(parts) == 1 and "\n" not in parts[0]:
        return f"{{{space}{parts[0]}{space}}}"
    return _block("{", [f"{part}," for part in parts], "}", _SPACES)


def _typescript(program: Program) -> str:
    def one(value: object) -> str:
        match value:
            case Reference(name, None):
                return _camel(name)
            case Reference(name, property_):
                return f"{_camel(name)}.{property_}"
            case ToJson(inner):
                return f"pulumi.jsonStringify({one(inner)})"
            case list() | dict():
                return _literal(value, one, lambda key: key if key.isidentifier() else _quoted(key), " ")
            case _:
                return json.dumps(value)

    own = ["pulumi"] if program.secrets or program.holds_json() else []
    packages = sorted([*own, *program.packages()])
    lines = [*(f'import * as {package} from "@pulumi/{package}";' for package in packages), ""]
    if program.secrets:
        lines.append("const config = new pulumi.Config();")
        lines += [f"const {_camel(name)} = config.requireSecret({_quoted(name)});" for name in program.secrets]
        lines.append("")
    for resource in program.resources:
        named = f"const {_camel(resource.name)} = " if resource.name in program.referred() else ""
        made = f"new {_dotted(resource.kind)}({_quoted(resource.name)}, "
        arguments = _block("{", [f"{key}: {one(value)}," for key, value in resource.properties.items()], "}", _SPACES)
        lines.append(f"{named}{made}{arguments});")
    return "\n".join(lines) + "\n"


def _python(program: Program) -> str:
    def one(value: object) -> str:
        match value:
            case Reference(name, None):
                return _snake(name)
            case Reference(name, property_):
                return f"{_snake(name)}.{_snake(property_ or '')}"
            case ToJson(inner):
                return _block("pulumi.Output.json_dumps(", [one(inner)], ")", _SPACES)
            case list() | dict():
                return _literal(value, one, _quoted, "")
            case bool() | int():
                return repr(value)
            case _:
                return json.dumps(value)

    imports = ["import pulumi"] if program.secrets or program.holds_json() else []
    imports += [f"import pulumi_{package} as {package}" for package in program.packages()]
    lines = [*imports, ""]
    if program.secrets:
        lines.append("config = pulumi.Config()")
        lines += [f"{_snake(name)} = config.require_secret({_quoted(name)})" for name in program.secrets]
        lines.append("")
    for resource in program.resources:
        named = f"{_snake(resource.name)} = " if resource.name in program.referred() else ""
        arguments = [f"{_quoted(resource.name)},"]
        for key, value in resource.properties.items():
            nested = _snake_keys(value) if isinstance(value, dict) and key not in _MAPS else value
            arguments.append(f"{_snake(key)}={one(nested)},")
        lines.append(_block(f"{named}{_dotted(resource.kind)}(", arguments, ")", _SPACES))
    return "\n".join(lines) + "\n"


def _snake_keys(value: dict[str, object]) -> dict[str, object]:
    return {_snake(key): inner for key, inner in value.items()}


def _dotted(kind: Kind) -> str:
    return ".".join(part for part in (kind.package, kind.module, kind.name) if part)


def _go_value(value: object, kind: Kind, key: str) -> str:
    match value:
        case Reference(name, None):
            return _camel(name)
        case Reference(name, "id"):
            return f"{_camel(name)}.ID()"
        case Reference(name, property_):
            return f"{_camel(name)}.{_pascal(property_ or '')}"
        case ToJson(inner):
            return f"pulumi.JSONMarshal({_go_plain(inner)})"
        case dict() if key in _MAPS:
            fields = [f"{_quoted(name)}: {_go_value(inner, kind, key)}," for name, inner in value.items()]
            return _block("pulumi.StringMap{", _aligned(fields), "}", _TAB)
        case dict():
            fields = [f"{_pascal(name)}: {_go_value(inner, kind, name)}," for name, inner in value.items()]
            return _block(f"&{kind.module}.{kind.name}{_pascal(key)}Args{{", _aligned(fields), "}", _TAB)
        case list():
            return _block("pulumi.StringArray{", [f"{_go_value(inner, kind, key)}," for inner in value], "}", _TAB)
        case bool():
            return f"pulumi.Bool({json.dumps(value)})"
        case int():
            return f"pulumi.Int({value})"
        case _:
            return f"pulumi.String({json.dumps(value)})"


def _go_plain(value: object) -> str:
    match value:
        case Reference():
            return _go_value(value, KINDS["aws:elasticache:User"], "")
        case dict():
            fields = [f"{_quoted(name)}: {_go_plain(inner)}," for name, inner in value.items()]
            return _block("map[string]any{", _aligned(fields), "}", _TAB)
        case list():
            return _block("[]any{", [f"{_go_plain(inner)}," for inner in value], "}", _TAB)
        case _:
            return json.dumps(value)


def _go(program: Program) -> str:
    modules = {f"{_GO_MODULES[r.kind.package]}/{r.kind.module}".rstrip("/") for r in program.resources}
    modules.add("github.com/pulumi/pulumi/sdk/v3/go/pulumi")
    if program.secrets:
        modules.add("github.com/pulumi/pulumi/sdk/v3/go/pulumi/config")
    body: list[str] = []
    if program.secrets:
        body.append('cfg := config.New(ctx, "")')
        body += [f"{_camel(name)} := cfg.RequireSecret({_quoted(name)})" for name in program.secrets]
    declared = False
    for resource in program.resources:
        used = resource.name in program.referred()
        sign = ":=" if used or not declared else "="
        package = resource.kind.module or resource.kind.package
        fields = [
            f"{_pascal(key)}: {_go_value(value, resource.kind, key)}," for key, value in resource.properties.items()
        ]
        made = f"{_camel(resource.name) if used else '_'}, err {sign} {package}.New{resource.kind.name}"
        arguments = _block(f"&{package}.{resource.kind.name}Args{{", _aligned(fields), "}", _TAB)
        body.append(f"{made}(ctx, {_quoted(resource.name)}, {arguments})")
        body.append(_block("if err != nil {", ["return err"], "}", _TAB))
        declared = True
    body.append("return nil")
    run = _block("pulumi.Run(func(ctx *pulumi.Context) error {", body, "})", _TAB)
    imports = _block("import (", [f'"{module}"' for module in sorted(modules)], ")", _TAB)
    return f"package main\n\n{imports}\n\n{_block('func main() {', [run], '}', _TAB)}\n"


def _aligned(fields: list[str]) -> list[str]:
    """Fields as gofmt aligns them: the values of neighbours that take one line each begin in one column."""
    aligned: list[str] = []
    group: list[str] = []
    for field in [*fields, None]:
        if field is not None and "\n" not in field:
            group.append(field)
            continue
        parts = [entry.partition(": ") for entry in group]
        width = max((len(name) for name, _, _ in parts), default=0)
        aligned += [f"{name}:{' ' * (width - len(name) + 1)}{rest}" for name, _, rest in parts]
        group = []
        if field is not None:
            aligned.append(field)
    return aligned


LANGUAGES: Final[Mapping[str, Callable[[Program], str]]] = {
    "typescript": _typescript,
    "python": _python,
    "go": _go,
}
"""The languages, by the names that Markdown gives to blocks of them."""

TITLES: Final = {"typescript": "TypeScript", "python": "Python", "go": "Go"}


def main() -> int:
    """Print a program in another language."""
    match sys.argv[1:]:
        case [path, language] if language in LANGUAGES:
            try:
                print(translate(Path(path).read_text(encoding="utf-8"), language), end="")
            except TranslationError as error:
                print(f"translate: {error}", file=sys.stderr)
                return 1
            return 0
        case _:
            print(f"usage: python -m tools.translate PROGRAM.yaml {'|'.join(LANGUAGES)}", file=sys.stderr)
            return 1


if __name__ == "__main__":
    sys.exit(main())
