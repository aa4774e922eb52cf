"""Passwords come from another resource, such as a generated one, and are not written down.

For teams that keep passwords: it stands in for elasticache-user-no-plaintext-passwords in the managed-passwords
profile. Judged by the dependencies of the properties, which are the same in preview and up.
"""

from collections.abc import Iterator, Sequence

from elasticache.properties import Marker, Passwords
from elasticache.stack import Stack, StackUser
from rulebook import wording
from rulebook.options import Options
from rulebook.policy import Finding, Level, NotApplicableError, Policy, Severity, Verdict


def check(stack: Stack, _options: Options) -> Verdict:
    """Fires on a password that is known and comes from no other resource, or is in no output of those it comes from."""
    if not stack.users:
        raise NotApplicableError("the stack has no ElastiCache users")
    return tuple(finding for user in stack.users for finding in _findings(stack, user))


def _findings(stack: Stack, user: StackUser) -> Iterator[Finding]:
    for passwords in (*user.user.passwords, user.user.write_only_password):
        if not passwords.present or passwords.marker is Marker.UNKNOWN:
            continue
        sources = user.sources_of(passwords)
        if not sources:
            yield _finding(
                user,
                f"{passwords.path} comes from no other resource: a literal, configuration or a function call",
            )
        elif (number := _foreign(stack, passwords, sources)) > 0:
            foreign = "a password that is" if number == 1 else f"{number} passwords that are"
            yield _finding(user, f"{passwords.path} holds {foreign} in no output of what it comes from")


def _foreign(stack: Stack, passwords: Passwords, sources: Sequence[str]) -> int:
    """How many readable passwords have nothing to do with the outputs of their sources, if those can be read."""
    outputs = [stack.output_texts(urn) for urn in sources]
    readable = [texts for texts in outputs if texts is not None]
    return passwords.unrelated_to(readable) if len(readable) == len(outputs) else 0


def _finding(user: StackUser, seen: str) -> Finding:
    return Finding(
        found=seen,
        risk="a password in the program is plain text in the source and in version control, and nobody rotates it",
        fix="the output of a resource that makes it, such as random.RandomPassword or aws.secretsmanager.SecretVersion",
        urn=user.urn,
    )


POLICY = Policy(
    id="elasticache-stack-managed-passwords",
    display_name="Managed passwords for ElastiCache users",
    description="The passwords of an ElastiCache user must come from a resource that manages them.",
    severity=Severity.HIGH,
    level=Level.DISABLED,
    tags=("elasticache", "security", "secrets"),
    fix="Take the password from a resource that generates or keeps it.",
    url=wording.RBAC_PAGE,
    judges=Stack,
    check=check,
    options=Options,
)
