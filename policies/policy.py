"""What a policy is: one declaration, from which everything else is derived, and one pure check."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, TypeVar

from elasticache.user import User
from policies.options import Options

OptionsT = TypeVar("OptionsT", bound=Options)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a policy found, in the sentences that its reader needs, none of which holds a password."""

    seen: str
    """What is there, with the property's path."""
    consequence: str
    """What that lets someone do."""
    instead: str
    """What to write instead, in Pulumi terms."""

    def message(self, url: str) -> str:
        """The text under the policy's description, which Pulumi prints first."""
        return "\n".join((self.seen, self.consequence, self.instead, f"See {url}"))


@dataclass(frozen=True, slots=True)
class Advice:
    """Something worth telling that stops nobody, whatever the policy's level."""

    text: str


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """The policy does not apply to the user."""

    reason: str


Verdict = tuple[Finding | Advice, ...] | NotApplicable
"""What a check answers: what it found, nothing when the user passes, or why the policy does not apply."""

PASS: Verdict = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(Generic[OptionsT]):
    """The declaration of a policy about one user."""

    id: str
    display_name: str
    description: str
    """One sentence that is true of a user who passes; Pulumi prints it above every finding."""
    severity: Severity
    level: Level
    """The level where no configuration names another."""
    tags: tuple[str, ...]
    fix: str
    """What to do about a violation, in general."""
    url: str
    check: Callable[[User, OptionsT], Verdict] = field(repr=False)
    """Judges one user; raises `CannotTellError` where a property that it needs cannot be read."""
    options: type[OptionsT]
    """The options, each with its default."""
    remedy: Callable[[User], Mapping[str, str]] | None = field(default=None, repr=False)
    """What the level remediate does: the properties to write anew, with their new values."""
