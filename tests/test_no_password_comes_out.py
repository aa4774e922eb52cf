"""One marker password, put wherever a password can stand, comes out of nothing that the pack prints, reports or raises.

A new output joins `OUTPUTS`. The engine's own runs are searched by tests/engine/conftest.py, pages by their tests.
"""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from pulumi.runtime import proto

from acl.access_string import parse
from acl.effect import effect_of
from audit.__main__ import main
from audit.check import FORMATS
from elasticache.properties import Flag, Passwords, Secret, Text
from elasticache.service import commands_for
from elasticache.user import User
from enforce.request import RequestProperties
from policies.catalogue import CATALOGUE
from rulebook.policy import Level
from tests.support.stacks import STORE, group, secret_store
from tests.support.stacks import user as stack_user
from tests.support.users import (
    GOOD_USER,
    MARKER_PASSWORD,
    REMOVED,
    USER_TYPE,
    changed,
    configured_all,
    remediate,
    request,
    secret,
)

PASSWORD = MARKER_PASSWORD
MODE = {"type": "password"}

USERS: dict[str, dict[str, Any]] = {
    "passwords": changed(passwords=[PASSWORD]),
    "passwords, marked": changed(passwords=secret([PASSWORD])),
    "passwords, marked one by one": changed(passwords=[secret(PASSWORD), "x"]),
    "passwords, twice and too many": changed(passwords=secret([PASSWORD] * 3)),
    "passwords, forbidden characters": changed(passwords=secret([f"{PASSWORD}/@"])),
    "passwords, no list": changed(passwords=PASSWORD),
    "passwords, an object": changed(passwords={PASSWORD: PASSWORD}),
    "nested": changed(authenticationMode={**MODE, "passwords": [PASSWORD]}),
    "nested, marked": changed(authenticationMode={**MODE, "passwords": secret([PASSWORD])}),
    "nested, whole mode marked": changed(authenticationMode=secret({**MODE, "passwords": [PASSWORD]})),
    "nested, in a type": changed(authenticationMode=secret({"type": PASSWORD})),
    "in both places": changed(passwords=[PASSWORD], authenticationMode={**MODE, "passwords": [PASSWORD]}),
    "write-only": changed(passwordsWo=PASSWORD, passwordsWoVersion=1, authenticationMode=REMOVED),
    "write-only, marked": changed(passwordsWo=secret(PASSWORD), passwords=secret([PASSWORD])),
    "in the string": changed(accessString=f"on ~* +@all >{PASSWORD}"),
    "in the string, removed": changed(accessString=f"on ~* +@all <{PASSWORD}"),
    "in the string, as a hash": changed(accessString=f"on ~app:* +@write #{PASSWORD} !{PASSWORD}"),
    "in the string, on its own": changed(accessString=f"on ~app:* +@write > {PASSWORD}"),
    "in a selector": changed(accessString=f"on (~* +@all >{PASSWORD})"),
    "in quotes in a selector": changed(accessString=f'on (~* +@all ">{PASSWORD}")'),
    "in a selector that never closes": changed(accessString=f"on (~* +@all >{PASSWORD}"),
    "as a word of its own": changed(accessString=f"on ~* +@all {PASSWORD}"),
    "behind a word": changed(accessString=f"on ~* +@all password={PASSWORD}"),
    "a secret string": changed(accessString=secret(f"on ~{PASSWORD}* +@all +{PASSWORD}")),
    "secret names": changed(userId=secret(f"A{PASSWORD}"), userName=secret(f"B{PASSWORD}")),
    "a secret engine": changed(engine=secret(PASSWORD)),
    "secret tags": changed(tags=secret({"Owner": PASSWORD})),
    "a plain tag": changed(tags={"Password": PASSWORD}),
    "the default user": changed(userName="default", passwords=secret([PASSWORD]), noPasswordRequired=True),
    "another property": {**GOOD_USER, "password": PASSWORD, "authToken": PASSWORD},
}

CONFIGURATION: dict[str, Any] = {
    policy.id: {"enforcementLevel": "mandatory"} for policy in CATALOGUE if policy.level is not Level.REMEDIATE
} | {
    "elasticache-user-required-tags": {"enforcementLevel": "mandatory", "tags": ["Owner"]},
    "elasticache-exemptions": {
        "enforcementLevel": "advisory",
        "exempt": [
            {
                "policies": ["elasticache-user-no-broad-access"],
                "resource": "urn:pulumi:dev::shop::*",
                "reason": "until the audit is over",
                "expires": "2099-01-01",
            }
        ],
    },
}
WITHOUT_EXEMPTIONS = {**CONFIGURATION, "elasticache-exemptions": {"enforcementLevel": "disabled"}}

Output = Callable[[dict[str, Any], Path, pytest.CaptureFixture[str]], str]


def analyzed(properties: dict[str, Any], _folder: Path, _captured: pytest.CaptureFixture[str]) -> str:
    answers = [
        configured_all(configuration).Analyze(request(properties), Mock())
        for configuration in ({}, CONFIGURATION, WITHOUT_EXEMPTIONS)
    ]
    return "".join(map(str, answers))


def analyzed_as_stack(properties: dict[str, Any], _folder: Path, _captured: pytest.CaptureFixture[str]) -> str:
    users = [
        stack_user("a", {"passwords": [STORE]}, **properties),
        stack_user("b", **properties),
        stack_user("c", **properties),
    ]
    resources = [*users, group("apps", ["a", "b", "default"]), secret_store("store", result=secret("something-else"))]
    return str(configured_all(WITHOUT_EXEMPTIONS).AnalyzeStack(proto.AnalyzeStackRequest(resources=resources), Mock()))


def remediated(properties: dict[str, Any], _folder: Path, _captured: pytest.CaptureFixture[str]) -> str:
    """What remediation says; the properties that it hands back to the engine are the user's own, marks included."""
    pack = configured_all({"elasticache-user-lowercase-names": {"enforcementLevel": "remediate"}})
    response = pack.Remediate(request(properties), Mock())
    for _, changed_properties in remediate(properties, pack):
        untouched = {name: value for name, value in changed_properties.items() if name not in {"userId", "userName"}}
        assert untouched == {name: value for name, value in properties.items() if name not in {"userId", "userName"}}
    return "".join(
        reported.policyName + reported.description + reported.diagnostic for reported in response.remediations
    )


def audited(properties: dict[str, Any], folder: Path, captured: pytest.CaptureFixture[str]) -> str:
    """Both formats, over an export as the CLI writes it, in which secrets are plain."""
    resource = {
        "urn": f"urn:pulumi:dev::shop::{USER_TYPE}::a",
        "type": USER_TYPE,
        "inputs": properties,
        "outputs": properties,
    }
    twin = {**copy.deepcopy(resource), "urn": f"urn:pulumi:dev::shop::{USER_TYPE}::b"}
    export = folder / "export.json"
    export.write_text(json.dumps({"version": 3, "deployment": {"resources": [resource, twin]}}))
    config = folder / "config.json"
    config.write_text(json.dumps(WITHOUT_EXEMPTIONS))
    for output in FORMATS:
        main(["check", str(export), "--format", output, "--config", str(config)])
    reported = captured.readouterr()
    return reported.out + reported.err


def explained(properties: dict[str, Any], _folder: Path, captured: pytest.CaptureFixture[str]) -> str:
    """What is given to `explain` is not a secret to who gives it, but for a password among the rules."""
    text = properties.get("accessString")
    if not isinstance(text, str) or f"={PASSWORD}" in text or f"+@all {PASSWORD}" in text:
        return ""
    main(["explain", text])
    main(["explain", "--json", text])
    reported = captured.readouterr()
    return reported.out + reported.err


def compared(properties: dict[str, Any], _folder: Path, captured: pytest.CaptureFixture[str]) -> str:
    """Both ways, as text and as JSON; as for `explain`, but for a password among the rules nothing is a secret."""
    text = properties.get("accessString")
    if not isinstance(text, str) or f"={PASSWORD}" in text or f"+@all {PASSWORD}" in text:
        return ""
    for pair in ((text, "on ~app:* +get"), ("on ~app:* +get", text)):
        main(["compare", *pair])
        main(["compare", "--json", *pair])
    reported = captured.readouterr()
    return reported.out + reported.err


def shown_as_changes(properties: dict[str, Any], folder: Path, captured: pytest.CaptureFixture[str]) -> str:
    """The user as it comes, goes, and takes another's place, in every format."""
    exports = []
    for name, users in (("none", []), ("user", [properties]), ("other", [dict(GOOD_USER)])):
        urn = f"urn:pulumi:dev::shop::{USER_TYPE}::a"
        known = {"urn": urn, "type": USER_TYPE, "custom": True, "id": "u"}
        resources = [{**known, "inputs": one, "outputs": one} for one in users]
        exports.append(folder / f"{name}.json")
        exports[-1].write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}), encoding="utf-8")
    none, user, other = map(str, exports)
    for pair in ((none, user), (user, none), (other, user), (user, other)):
        for output in ("text", "json", "markdown"):
            main(["changes", *pair, "--format", output])
    reported = captured.readouterr()
    return reported.out + reported.err


def shown_as_objects(properties: dict[str, Any], _folder: Path, _captured: pytest.CaptureFixture[str]) -> str:
    """The repr of everything that holds a value, which debuggers, logs and assertions show."""
    read = RequestProperties(request(properties).properties)
    user = User(read)
    access = parse(f"on >{PASSWORD} (>{PASSWORD})", commands_for("valkey"))
    things = [read, user, user.passwords, user.write_only_password, user.access_string, user.user_name]
    things += [Secret(PASSWORD), Passwords("passwords", PASSWORD), Text.of("userId", Secret(PASSWORD)), Flag("x", True)]
    things += [access, effect_of(access)]
    return "".join(map(repr, things))


OUTPUTS: dict[str, Output] = {
    "the engine's Analyze": analyzed,
    "the engine's AnalyzeStack": analyzed_as_stack,
    "the engine's Remediate": remediated,
    "audit check": audited,
    "audit explain": explained,
    "audit compare": compared,
    "audit changes": shown_as_changes,
    "repr": shown_as_objects,
}


def cases() -> Iterator[Any]:
    for name, properties in USERS.items():
        for title, output in OUTPUTS.items():
            yield pytest.param(properties, output, id=f"{title}: {name}")


@pytest.mark.parametrize(("properties", "output"), [*cases()])
def test_no_password_comes_out(
    properties: dict[str, Any], output: Output, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    came_out = output(properties, tmp_path, capsys)

    assert PASSWORD not in came_out
    assert PASSWORD[:12] not in came_out


def test_the_search_can_find(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A value that is not a secret does come out, so the search above is one."""
    properties = changed(userId="A-plain-name-and-found")

    assert "A-plain-name-and-found" in analyzed(properties, tmp_path, capsys)
    assert "A-plain-name-and-found" in audited(properties, tmp_path, capsys)
