"""What a policy is: one declaration, from which everything else is derived, and one pure check."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Generic, TypeVar

import msgspec

from rulebook.options import Options

OptionsT = TypeVar("OptionsT", bound=Options)
SubjectT = TypeVar("SubjectT")


class Level(Enum):
    """What happens on a violation, by Pulumi's names."""

    ADVISORY = "advisory"
    MANDATORY = "mandatory"
    REMEDIATE = "remediate"
    DISABLED = "disabled"


class Severity(Enum):
    """How bad a violation is, by Pulumi's names."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a policy found, in parts that a format puts together. None of them holds a password."""

    found: str
    """What is there, with the property's path."""
    risk: str
    """What that lets someone do, or what goes wrong."""
    fix: str
    """What to write instead, in Pulumi terms."""
    alternative: str = ""
    """Another fix, where the first one is a template; says what it leaves behind."""
    urn: str = ""
    """The resource that a stack policy found it on."""
    advisory: bool = False
    """It stops nobody, whatever the policy's level."""


class NotChecked(msgspec.Struct, frozen=True):
    """The policy could not be checked here, which must not be taken for a pass."""

    reason: str
    """Why, and what would check it; one or more sentences."""
    urn: str = ""
    """The resource that a stack policy speaks of."""


class NotApplicable(msgspec.Struct, frozen=True):
    """The policy does not apply."""

    reason: str


class NotApplicableError(Exception):
    """A check, or what it asks, sees that the policy does not apply.

    :param reason: why; part of a sentence.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


Verdict = tuple[Finding | NotChecked, ...]
"""What a check answers: what it found and what it could not check; nothing when the subject passes."""

PASS: Verdict = ()


class Policy(msgspec.Struct, Generic[SubjectT, OptionsT], frozen=True, kw_only=True):
    """The declaration of a policy."""

    id: str
    display_name: str
    description: str
    """One sentence that is true of what passes; Pulumi prints it above every finding."""
    severity: Severity
    level: Level
    """The level where no configuration names another."""
    tags: tuple[str, ...]
    fix: str
    """What to do about a violation, in general."""
    url: str
    judges: type[SubjectT] | tuple[type[SubjectT], ...]
    """What it judges: the type or types of one resource by its inputs, or a whole stack by its outputs."""
    check: Callable[[SubjectT, OptionsT], Verdict]
    """Judges one subject; pure.

    It raises `CannotTellError` where a property that it needs cannot be read, and `NotApplicableError` where the
    policy does not apply.
    """
    options: type[OptionsT]
    """The options, each with its default."""
    remediate: Callable[[SubjectT], Mapping[str, str]] | None = None
    """What the level remediate does: the properties to write anew, with their new values."""

    @property
    def subjects(self) -> tuple[type[SubjectT], ...]:
        """The types that it judges."""
        return self.judges if isinstance(self.judges, tuple) else (self.judges,)
