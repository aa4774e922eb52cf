"""What a policy is: one declaration, from which everything else is derived, and one pure check."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, TypeVar

from elasticache.stack import Deployment
from elasticache.user import User
from elasticache.user_group import UserGroup
from rulebook.options import Options

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
    urn: str = ""
    """The resource that a stack policy found it on."""

    def message(self, policy_id: str, url: str) -> str:
        """The text under the policy's description, which Pulumi prints first."""
        return "\n".join((self.seen, self.consequence, self.instead, see(policy_id, url)))


def see(policy_id: str, url: str) -> str:
    """The last line of every message: where to read on."""
    return f"See docs/policies/{policy_id}.md of this pack, and {url}"


@dataclass(frozen=True, slots=True)
class Advice:
    """Something worth telling that stops nobody, whatever the policy's level."""

    text: str
    urn: str = ""
    """The resource that a stack policy speaks of."""


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """The policy does not apply."""

    reason: str


Verdict = tuple[Finding | Advice, ...] | NotApplicable
"""What a check answers: what it found, nothing when the subject passes, or why the policy does not apply."""

PASS: Verdict = ()


SubjectT = TypeVar("SubjectT")


@dataclass(frozen=True, kw_only=True)
class Policy(Generic[SubjectT, OptionsT]):
    """The declaration of a policy. The subclasses say what it judges."""

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
    check: Callable[[SubjectT, OptionsT], Verdict] = field(repr=False)
    """Judges one subject; raises `CannotTellError` where a property that it needs cannot be read."""
    options: type[OptionsT]
    """The options, each with its default."""


@dataclass(frozen=True, kw_only=True)
class UserPolicy(Policy[User, OptionsT]):
    """Judges one user by its inputs."""

    remedy: Callable[[User], Mapping[str, str]] | None = field(default=None, repr=False)
    """What the level remediate does: the properties to write anew, with their new values."""


@dataclass(frozen=True, kw_only=True)
class UserGroupPolicy(Policy[UserGroup, OptionsT]):
    """Judges one user group by its inputs."""


@dataclass(frozen=True, kw_only=True)
class StackPolicy(Policy[Deployment, OptionsT]):
    """Judges a whole stack by its outputs; its findings name their resource."""


@dataclass(frozen=True, kw_only=True)
class Register(Policy[None, OptionsT]):
    """Judges nothing itself."""
