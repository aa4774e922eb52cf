"""Runs one policy on one user. Nothing that happens inside a policy reaches the others."""

import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from elasticache.properties import CannotTellError, Marker
from elasticache.user import User
from policies.policy import Advice, Finding, NotApplicable, OptionsT, Policy

NOT_CHECKED: Final = "Not checked: "
"""How the advice begins that a policy could not be checked."""

_ROOT: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of it; nothing at all means that the user passes."""

    messages: tuple[str, ...] = ()
    """The text of each finding."""
    advice: tuple[str, ...] = ()
    """What people must see, and what stops nobody: above all why the policy could not be checked here, so that it is
    not taken for a pass."""
    not_applicable: str = ""
    """Why the policy does not apply."""


def judge(policy: Policy[OptionsT], user: User, options: OptionsT | None = None) -> Judgement:
    """Run a policy on a user, with its default options when none are given. Never raises.

    A failure inside the policy becomes a finding of it, so that a mandatory policy fails closed. It names the type
    of the failure and its place and nothing else, since the text of an exception can hold a secret.
    """
    try:
        verdict = policy.check(user, policy.options() if options is None else options)
    except CannotTellError as unreadable:
        when = "`pulumi up` checks it" if unreadable.marker is Marker.UNKNOWN else "a run with the secret checks it"
        return Judgement(advice=(f"{NOT_CHECKED}{unreadable}; {when}.",))
    except Exception as failure:  # noqa: BLE001 - whatever it is, the other policies must still run
        return Judgement(messages=(_internal_error(failure),))
    if isinstance(verdict, NotApplicable):
        return Judgement(not_applicable=verdict.reason)
    return Judgement(
        messages=tuple(found.message(policy.url) for found in verdict if isinstance(found, Finding)),
        advice=tuple(f"{found.text}\nSee {policy.url}" for found in verdict if isinstance(found, Advice)),
    )


def _internal_error(failure: Exception) -> str:
    frames = traceback.extract_tb(failure.__traceback__)
    place = "an unknown place"
    if frames:
        path = Path(frames[-1].filename)
        name = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else path.name
        place = f"{name}:{frames[-1].lineno}"
    return (
        f"This user could not be checked: internal error ({type(failure).__name__} in {place}).\n"
        "The fault is the policy pack's. Please report it with this line; until it is mended, "
        "the level of this policy can be changed in the policy configuration."
    )
