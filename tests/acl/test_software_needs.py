"""What software needs is what it sends in the table of well-known users, and nothing that is lost goes unnamed."""

from typing import Final

import pytest

from acl.commands import commands_of
from acl.software_needs import NEEDS, Need, software_needing
from tests.support.well_known_users import WellKnownUser, well_known_users

KNOWN: Final = frozenset(commands_of("valkey-9.1").names)
GITHUB: Final = "https://github.com/{}/blob/HEAD/{}"
PEOPLE: Final = "administrators and break-glass"
"""The kind of user whose commands a person sends, and no software."""


def url(need: Need) -> str:
    return GITHUB.format(*need.source.split(": "))


def sent_by(user: WellKnownUser) -> set[str]:
    """The commands of a user's work, by the names of the command table."""
    found: set[str] = set()
    for line in user.work:
        first, *rest = line.lower().split()
        container = f"{first}|{rest[0]}" if rest else first
        found.add(container if container in KNOWN else first)
    return found


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: f"{need.software}-{need.commands[0]}")
def test_the_software_sends_what_it_needs(need: Need) -> None:
    """A user of the table with the same source does."""
    users = [user for user in well_known_users() if user.source == url(need)]

    assert users, f"tests/well_known_users.toml has no user with the source {url(need)}"
    assert {*need.commands} <= set[str]().union(*map(sent_by, users))


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: f"{need.software}-{need.commands[0]}")
def test_a_need_is_whole(need: Need) -> None:
    assert need.commands
    assert {*need.commands} <= KNOWN
    assert need.source.count(": ") == 1


def test_a_command_of_some_software_stands_there_once() -> None:
    pairs = [(need.software, command) for need in NEEDS for command in need.commands]

    assert len({*pairs}) == len(pairs)


@pytest.mark.parametrize(
    "user",
    [user for user in well_known_users() if user.safe and user.kind != PEOPLE],
    ids=lambda user: user.id,
)
def test_what_a_fix_takes_from_a_safe_user_is_needed_by_somebody(user: WellKnownUser) -> None:
    """Where only key patterns change, no command is lost."""
    lost = {
        command.lower().replace(" ", "|")
        for policy, commands in user.lost.items()
        if policy != "elasticache-user-scoped-keys"
        for command in commands
    }

    assert {command for command in lost if not software_needing(command)} == set()


@pytest.mark.parametrize(
    ("commands", "first"),
    [
        (("eval",), ("BullMQ", "Laravel", "Redisson")),
        (("evalsha",), ("BullMQ", "Sidekiq", "Celery")),
        (("scan",), ("django-redis", "Rails", "Laravel Horizon")),
        (("keys",), ("Spring Cache", "Laravel Horizon", "Flask-Caching")),
        (("scan", "eval"), ("BullMQ", "Laravel", "Redisson")),
        (("scan", "info"), ("BullMQ", "Sidekiq", "django-redis")),
        (("slowlog|get",), ("redis_exporter", "the Datadog Agent", "Grafana")),
        (("flushdb",), ("Django",)),
        (("monitor",), ()),
        (("get",), ()),
        (("script",), ()),
        ((), ()),
    ],
)
def test_names_the_software_in_order(commands: tuple[str, ...], first: tuple[str, ...]) -> None:
    assert software_needing(*commands)[:3] == first


def test_names_software_once_however_many_commands_it_needs() -> None:
    assert software_needing("scan", "info").count("Rails") == 1
