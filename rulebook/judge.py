"""Runs one policy on what it judges. Nothing that happens inside a policy reaches the others."""

import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from elasticache.properties import CannotTellError, Marker
from rulebook.policy import Advice, Finding, NotApplicable, OptionsT, Policy, SubjectT, see

NOT_CHECKED: Final = "Not checked: "
"""How the advice begins that a policy could not be checked."""

_ROOT: Final = Path(__file__).resolve().parent.parent


class Told(NamedTuple):
    """One message, and the resource that it is about; of user and group policies that is the one that was judged."""

    text: str
    urn: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of it; nothing at all means that the subject passes."""

    findings: tuple[Told, ...] = ()
    advice: tuple[Told, ...] = ()
    """What people must see, and what stops nobody: above all why the policy could not be checked here, so that it is
    not taken for a pass."""
    not_applicable: str = ""
    """Why the policy does not apply."""


def judge(policy: Policy[SubjectT, OptionsT], subject: SubjectT, options: OptionsT) -> Judgement:
    """Run a policy on what it judges. Never raises.

    A failure inside the policy becomes a finding of it, so that a mandatory policy fails closed. It names the type
    of the failure and its place and nothing else, since the text of an exception can hold a secret.
    """
    try:
        verdict = policy.check(subject, options)
    except CannotTellError as unreadable:
        when = "`pulumi up` checks it" if unreadable.marker is Marker.UNKNOWN else "a run with the secret checks it"
        return Judgement(advice=(Told(f"{NOT_CHECKED}{unreadable}; {when}."),))
    except Exception as failure:  # noqa: BLE001 - whatever it is, the other policies must still run
        return Judgement(findings=(Told(_internal_error(failure)),))
    if isinstance(verdict, NotApplicable):
        return Judgement(not_applicable=verdict.reason)
    return Judgement(
        findings=tuple(
            Told(found.message(policy.id, policy.url), found.urn) for found in verdict if isinstance(found, Finding)
        ),
        advice=tuple(
            Told(f"{found.text}\n{see(policy.id, policy.url)}", found.urn)
            for found in verdict
            if isinstance(found, Advice)
        ),
    )


def _internal_error(failure: Exception) -> str:
    frames = traceback.extract_tb(failure.__traceback__)
    place = "an unknown place"
    if frames:
        path = Path(frames[-1].filename)
        name = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else path.name
        place = f"{name}:{frames[-1].lineno}"
    return (
        f"This could not be checked: internal error ({type(failure).__name__} in {place}).\n"
        "The fault is the policy pack's. Please report it with this line; until it is mended, "
        "the level of this policy can be changed in the policy configuration."
    )
