"""The table of users of well-known software, read and checked."""

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, Literal

import msgspec

from tests.support.users import MARKER_PASSWORD, secret
from tests.testbed import ROOT

TABLE: Final = ROOT / "tests" / "well_known_users.toml"
PROFILES: Final = ROOT / "profiles"

Engine = Literal["redis", "valkey"]
Level = Literal["mandatory", "advisory"]
Login = Literal["iam", "password", "two passwords", "write-only password", "none"]

LOGINS: Final[Mapping[Login, Mapping[str, Any]]] = {
    "iam": {"authenticationMode": {"type": "iam"}},
    "password": {"passwords": secret([MARKER_PASSWORD])},
    "two passwords": {
        "authenticationMode": {"type": "password", "passwords": secret([MARKER_PASSWORD, f"{MARKER_PASSWORD}-2"])}
    },
    "write-only password": {"passwordsWo": secret(MARKER_PASSWORD), "passwordsWoVersion": 1},
    "none": {"authenticationMode": {"type": "no-password-required"}},
}
"""How a user logs in to the properties that say so."""


class WellKnownUser(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One row; tests/well_known_users.toml says what each field means."""

    id: str
    kind: str
    software: str
    source: str
    uses: str
    access_string: str
    safe: bool
    findings: Mapping[str, Level | tuple[Level, ...]]
    because: str
    engines: tuple[Engine, ...] = ("redis", "valkey")
    login: Login = "iam"
    user_id: str | None = None
    user_name: str | None = None
    profile: str | None = None
    work: tuple[str, ...] = ()
    lost: Mapping[str, tuple[str, ...]] = {}

    def properties(self, engine: Engine) -> dict[str, Any]:
        """The properties of the resource, as a program gives them."""
        return {
            "userId": self.user_id or self.id,
            "userName": self.user_name or self.user_id or self.id,
            "accessString": self.access_string,
            "engine": engine,
            **LOGINS[self.login],
        }

    @property
    def levels(self) -> frozenset[tuple[str, Level]]:
        """Each finding as its policy and its level."""
        return frozenset(
            (policy, level)
            for policy, levels in self.findings.items()
            for level in ((levels,) if isinstance(levels, str) else levels)
        )

    @property
    def configuration(self) -> dict[str, dict[str, str]]:
        """The configuration by which it is judged, as the engine hands it over."""
        if self.profile is None:
            return {}
        levels: dict[str, str] = json.loads((PROFILES / f"{self.profile}.json").read_text())
        return {policy: {"enforcementLevel": level} for policy, level in levels.items()}


@cache
def well_known_users() -> tuple[WellKnownUser, ...]:
    """Every row, in the order of the table.

    :raises msgspec.ValidationError: a row lacks a field, or has one that is not known or of another type.
    """
    table = tomllib.loads(TABLE.read_text())
    return tuple(msgspec.convert(table["users"], list[WellKnownUser], strict=True))
