"""The rules as they are configured for one run: what is enabled, at which level, and what is exempted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from elasticache.stack import Deployment
from elasticache.user import User
from elasticache.user_group import UserGroup
from policies.catalogue import CATALOGUE, RETIRED
from policies.exemptions import POLICY as REGISTER
from rulebook import exemptions
from rulebook.configuration import ConfigurationError, Setting, configure
from rulebook.exemptions import Clock, ExemptionsOptions, Register, utc_today
from rulebook.judge import judge
from rulebook.policy import Level, Policy, StackPolicy, SubjectT, UserGroupPolicy, UserPolicy


class Kind(Enum):
    """What an outcome is."""

    VIOLATION = auto()
    ADVICE = auto()
    EXEMPTED = auto()
    NOT_APPLICABLE = auto()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one policy has to say of one resource; a policy that is passed says nothing."""

    kind: Kind
    policy: Policy[Any, Any]
    """The policy that found it; for what is exempted, the policy that is held back."""
    level: Level
    text: str
    urn: str
    """The resource that it is about; empty where it is about the stack as a whole."""


Entries = Mapping[str, tuple[Level | None, Mapping[str, object]]]
"""Configuration: policy id to its level, None for the policy's own, and its options as JSON values."""


@dataclass(frozen=True)
class Rulebook:
    """A configured catalogue."""

    settings: Mapping[str, Setting]
    notices: tuple[str, ...] = ()
    """What whoever wrote the configuration should know."""
    clock: Clock = utc_today
    catalogue: Sequence[Policy[Any, Any]] = field(default=CATALOGUE, repr=False)

    @classmethod
    def of(
        cls,
        entries: Entries,
        *,
        clock: Clock = utc_today,
        catalogue: Sequence[Policy[Any, Any]] = CATALOGUE,
        retired: Mapping[str, str] = RETIRED,
    ) -> "Rulebook":
        """Read a configuration.

        :param retired: ids of policies that are gone, to the sentence that says what became of them.
        :raises ConfigurationError: it holds a mistake.
        """
        notices = [f"{name} is retired: {retired[name]}" for name in entries if name in retired]
        current = {name: entry for name, entry in entries.items() if name not in retired}
        settings = configure(catalogue, current)
        options = settings[REGISTER.id].options
        if isinstance(options, ExemptionsOptions):
            mistake = exemptions.mistake_in(options, {*settings, *retired} - {REGISTER.id})
            if mistake is not None:
                raise ConfigurationError(f"{REGISTER.id}: {mistake}")
        return cls(settings, tuple(notices), clock, catalogue)

    @property
    def register(self) -> Register:
        """The exemptions in force now; none when the register is disabled."""
        setting = self.settings[REGISTER.id]
        options = setting.options
        if setting.level is Level.DISABLED or not isinstance(options, ExemptionsOptions):
            return Register((), self.clock())
        return Register(options.exempt, self.clock())

    def enabled(self) -> Iterator[tuple[Policy[Any, Any], Setting]]:
        """The policies that run, in reading order."""
        for policy in self.catalogue:
            setting = self.settings[policy.id]
            if setting.level is not Level.DISABLED:
                yield policy, setting

    def judge_user(self, urn: str, user: User) -> Iterator[Outcome]:
        """Run every enabled user policy on a user, and hold back what is exempted."""
        return self._judge(UserPolicy, user, urn)

    def judge_group(self, urn: str, group: UserGroup) -> Iterator[Outcome]:
        """Run every enabled group policy on a user group, and hold back what is exempted."""
        return self._judge(UserGroupPolicy, group, urn)

    def judge_stack(self, deployment: Deployment) -> Iterator[Outcome]:
        """Run every enabled stack policy on a stack, and hold back what is exempted."""
        return self._judge(StackPolicy, deployment, "")

    def _judge(self, kind: type[Policy[SubjectT, Any]], subject: SubjectT, urn: str) -> Iterator[Outcome]:
        register = self.register
        for policy, setting in self.enabled():
            if not isinstance(policy, kind):
                continue
            judgement = judge(policy, subject, setting.options)
            for found in judgement.findings:
                yield self._outcome(register, policy, setting.level, found.urn or urn, found.text)
            for told in judgement.advice:
                yield Outcome(Kind.ADVICE, policy, Level.ADVISORY, told.text, told.urn or urn)
            if judgement.not_applicable:
                yield Outcome(Kind.NOT_APPLICABLE, policy, setting.level, judgement.not_applicable, urn)

    def remedies(self, urn: str, user: User) -> Iterator[tuple[UserPolicy[Any], Mapping[str, str]]]:
        """The properties that policies at level remediate would write anew, with their new values."""
        register = self.register
        for policy, setting in self.enabled():
            if setting.level is not Level.REMEDIATE or not isinstance(policy, UserPolicy) or policy.remedy is None:
                continue
            exemption = register.find(policy.id, urn)
            if exemption is not None and not register.has_ended(exemption):
                continue
            if changes := _changes(policy.remedy, user):
                yield policy, changes

    @staticmethod
    def _outcome(register: Register, policy: Policy[Any, Any], level: Level, urn: str, message: str) -> Outcome:
        exemption = register.find(policy.id, urn)
        if exemption is None:
            return Outcome(Kind.VIOLATION, policy, level, message, urn)
        if register.has_ended(exemption):
            return Outcome(Kind.VIOLATION, policy, level, f"{message}\n{register.reminder(exemption)}", urn)
        return Outcome(Kind.EXEMPTED, policy, Level.ADVISORY, register.advice(exemption, policy.id, message), urn)


def _changes(remedy: Callable[[User], Mapping[str, str]], user: User) -> Mapping[str, str]:
    """What a remedy would change; nothing where it fails, since the check that follows then tells the violation."""
    try:
        return remedy(user)
    except Exception:  # noqa: BLE001 - whatever it is, other policies must still run
        return {}
