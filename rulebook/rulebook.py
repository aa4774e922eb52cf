"""The rules as they are configured for one run: what is enabled, at which level, and what is exempted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from rulebook.configuration import ConfigurationError, Setting, configure
from rulebook.exemptions import Clock, Exemptions, ExemptionsOptions, entries_of, mistake_in, utc_today
from rulebook.outcome import Outcome, run
from rulebook.policy import Finding, Level, NotApplicable, Policy

Catalogue = Sequence[Policy[Any, Any]]
Entries = Mapping[str, tuple[Level | None, Mapping[str, object]]]
"""Configuration: policy id to its level, None for the policy's own, and its options as JSON values."""


class Rulebook(msgspec.Struct, frozen=True):
    """A configured catalogue."""

    catalogue: Catalogue
    settings: Mapping[str, Setting]
    notices: tuple[str, ...] = ()
    """What whoever wrote the configuration should know."""
    clock: Clock = utc_today

    @classmethod
    def of(
        cls,
        catalogue: Catalogue,
        entries: Entries,
        *,
        retired: Mapping[str, str] | None = None,
        clock: Clock = utc_today,
    ) -> "Rulebook":
        """Read a configuration.

        :param retired: ids of policies that are gone, to the sentence that says what became of them.
        :raises ConfigurationError: it holds a mistake.
        """
        gone = retired or {}
        notices = [f"{name} is retired: {gone[name]}" for name in entries if name in gone]
        settings = configure(catalogue, {name: entry for name, entry in entries.items() if name not in gone})
        rules = cls(catalogue, settings, tuple(notices), clock)
        register = rules.exemptions_policy
        if register is not None:
            mistake = mistake_in(settings[register.id].options, {*settings, *gone} - {register.id})
            if mistake is not None:
                raise ConfigurationError(f"{register.id}: {mistake.text}", (register.id, *mistake.path))
        return rules

    @property
    def exemptions_policy(self) -> Policy[Any, Any] | None:
        """The policy whose option is the list of exemptions, and which reports what they hold back."""
        return next((policy for policy in self.catalogue if policy.options is ExemptionsOptions), None)

    @property
    def exemptions(self) -> Exemptions:
        """The exemptions of the configuration, today; none when their policy is disabled."""
        policy = self.exemptions_policy
        setting = None if policy is None else self.settings[policy.id]
        if setting is None or setting.level is Level.DISABLED:
            return Exemptions((), self.clock())
        return Exemptions(entries_of(setting.options), self.clock())

    def enabled(self, judged: type[object] | None = None) -> Iterator[tuple[Policy[Any, Any], Setting]]:
        """The policies that run, in reading order; all, or those that judge a type of subject."""
        for policy in self.catalogue:
            setting = self.settings[policy.id]
            if setting.level is not Level.DISABLED and (judged is None or judged in policy.subjects):
                yield policy, setting

    def judge(self, urn: str, subject: object) -> Iterator[Outcome]:
        """Run every enabled policy that judges this kind of subject, and note what is exempted.

        :param urn: of the resource; empty for a stack.
        """
        exemptions = self.exemptions
        for policy, setting in self.enabled(type(subject)):
            for result in run(policy, subject, setting.options.on(urn)):
                if isinstance(result, NotApplicable):
                    yield Outcome(policy, setting.level, urn, result)
                    continue
                place = result.urn or urn
                if not isinstance(result, Finding):
                    yield Outcome(policy, Level.ADVISORY, place, result)
                    continue
                exemption = exemptions.covering(policy.id, place)
                held_back = exemption is not None and not exemption.ended
                level = Level.ADVISORY if held_back or result.advisory else setting.level
                yield Outcome(policy, level, place, result, exemption)

    def remediations(self, urn: str, subject: object) -> Iterator[tuple[Policy[Any, Any], Mapping[str, str]]]:
        """The properties that policies at level remediate would write anew, with their new values."""
        exemptions = self.exemptions
        for policy, setting in self.enabled(type(subject)):
            if setting.level is not Level.REMEDIATE or policy.remediate is None:
                continue
            exemption = exemptions.covering(policy.id, urn)
            if exemption is not None and not exemption.ended:
                continue
            if changes := _changes(policy.remediate, subject):
                yield policy, changes


def _changes(remediate: Callable[[object], Mapping[str, str]], subject: object) -> Mapping[str, str]:
    """What a remediation would change; nothing where it fails, since the check that follows reports the violation."""
    try:
        return remediate(subject)
    except Exception:  # noqa: BLE001 - whatever it is, other policies must still run
        return {}
