"""The user carries the tags that its owners require."""

from elasticache.user import User
from rulebook import wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, NotApplicableError, Policy, Severity, Verdict

_MOST_SHOWN = 4


class RequiredTagsOptions(Options, frozen=True):
    """The options of elasticache-user-required-tags."""

    tags: tuple[str, ...] = ()
    """The keys that every user must have, with exactly this case."""


def check(user: User, options: RequiredTagsOptions) -> Verdict:
    """Fires on a user without one of the tags; the provider's default tags count, as they are merged before."""
    if not options.tags:
        raise NotApplicableError("the option tags names no tag")
    missing = [tag for tag in dict.fromkeys(options.tags) if tag not in user.tag_keys]
    if not missing:
        return PASS
    return (
        Finding(
            found=f"tags lacks {wording.counted([wording.quoted(tag) for tag in missing[:_MOST_SHOWN]], len(missing))}",
            risk="whoever answers for this user, or pays for it, cannot be found by its tags",
            fix=f"{_example(missing)}; or defaultTags of the AWS provider, which reach every resource",
        ),
    )


def _example(missing: list[str]) -> str:
    tags = [f'{wording.quoted(tag)}: "…"' for tag in missing[:_MOST_SHOWN]]
    return f"tags: {{{wording.counted(tags, len(missing))}}}"


POLICY = Policy(
    id="elasticache-user-required-tags",
    display_name="Required tags for ElastiCache users",
    description="An ElastiCache user must have the tags that are required of it.",
    severity=Severity.LOW,
    level=Level.ADVISORY,
    tags=("elasticache", "tags"),
    fix="Add the missing tags.",
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Tagging-Resources.html",
    judges=User,
    check=check,
    options=RequiredTagsOptions,
)
