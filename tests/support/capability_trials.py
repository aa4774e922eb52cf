"""Whether the owner of an access string really holds a capability, found out by trying calls on a real server.

No call runs: a server of 7.0 and later answers ACL DRYRUN, 6.2 queues each call inside MULTI and throws it away. What a
string means is asked of the server too; from the pack comes nothing but the claim. What only shows by running (COPY,
then GET) stands in the tests as cases written by hand.
"""

import contextlib
from collections.abc import Callable, Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from random import Random
from typing import Final

from acl.access_string import AccessString, parse
from acl.commands import CommandTable, commands_of
from tests.support import command_rows as rows
from tests.support.capability_calls import CapabilityCalls
from tests.support.capability_claims import EVERY_KEY, Contradiction, Tally, claims_of
from tests.support.capability_trial import MOST_DATABASES, Trial
from tests.support.channel_defaults import without_channels_first
from tests.support.servers import give_up
from tests.testbed.call_forms import CallForms
from tests.testbed.comparison import words_of
from tests.testbed.random_access_strings import near_misses
from tests.testbed.servers import Link, ServerMissingError, running, server_named
from tests.testbed.user_reading import lists_of
from tests.testbed.verdicts import Call, Form, Judge, Question, RawLink, Verdict, judge_of

__all__ = ["EVERY_KEY", "CapabilityTrials", "claims_of", "trials_on"]

_USUAL_DATABASES: Final = 16


@contextlib.contextmanager
def trials_on(name: str, *, seed: int = 0) -> Iterator["CapabilityTrials"]:
    """Start the named server, set up as ElastiCache is: users start with every channel.

    :param name: one of `SERVER_NAMES`.
    :param seed: decides which keys are tried.
    """
    table = commands_of(name)
    settings = ["--acl-pubsub-default", "allchannels"]
    if table.syntax.databases:
        settings += ["--databases", str(MOST_DATABASES)]
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(running(server_named(name), *settings))
        except ServerMissingError as missing:
            give_up(str(missing))
        link = stack.enter_context(server.connect())
        raw = stack.enter_context(contextlib.closing(RawLink(server.socket_path)))
        calls = CapabilityCalls(name, CallForms(link).by_command)
        judge = judge_of(link, raw, has_dry_run=calls.has_subcommands)
        yield CapabilityTrials(link, judge, calls, table, seed)


class CapabilityTrials:
    """Tries capabilities on one running server; `trials_on` makes one."""

    def __init__(self, link: Link, judge: Judge, calls: CapabilityCalls, table: CommandTable, seed: int) -> None:
        """See `trials_on`."""
        self.table = table
        self.link = link
        self.tally = Tally()
        self._calls = calls
        self._judge = judge
        self._seed = seed

    def contradictions(
        self, texts: Sequence[str], claims: Callable[[AccessString], AbstractSet[str]] = claims_of
    ) -> Iterator[Contradiction]:
        """Hold what is claimed of each valid string against the server, in both directions."""
        for text in texts:
            access = parse(text, self.table)
            if not access.valid:
                continue
            trial = self._trial(text, Random(f"{self._seed} {text}"))
            if trial is None:
                self.tally.refused.append(text)
            else:
                yield from trial.contradictions(claims(access), self.tally)

    def held_without_keys(self, text: str, wanted: Collection[str]) -> dict[str, bytes]:
        """The named keyless capabilities that a string gives on the server, each with a call that shows it.

        :raises AssertionError: the server refuses the string.
        """
        trial = self._trial(text, Random(0))
        assert trial is not None, text
        return trial.without_keys([capability for capability in rows.CACHE_WIDE if capability in wanted])

    def allowed(self, text: str, calls: Sequence[Sequence[bytes]], database: int = 0) -> list[bool]:
        """Whether the owner of a string that the server takes may make each of these calls."""
        forms = [Call(Form("", (), (), takes_any_first_argument=False), tuple(call), database) for call in calls]
        return [verdict is Verdict.ALLOWED for verdict in self.verdicts(words_of(text), forms)]

    def verdicts(self, rules: Sequence[bytes], calls: Sequence[Call]) -> list[Verdict]:
        """What the server says about the calls; their order does not matter."""
        order = sorted(range(len(calls)), key=lambda place: calls[place].database)
        (said,) = self._judge.verdicts([Question(rules, [calls[place] for place in order])])
        return [verdict for _, verdict in sorted(zip(order, said, strict=True))]

    def refuses(self, text: str) -> str | None:
        """The server's error for a string; None when it takes it."""
        return self._judge.refusal(words_of(text))

    def calls_of(self, command: str) -> Sequence[Form]:
        """The calls of a command that the server understands, the shortest one first."""
        return self._calls.forms[command]

    def plain_call(self, command: str) -> tuple[bytes, ...]:
        """The shortest call of a command that the server understands."""
        return self._calls.forms[command][0].words

    def random_calls(self, access: AccessString, random: Random) -> list[Call]:
        """Every command once, and calls on keys that the string's patterns match or just do not match."""
        patterns = sorted({pattern for selector in access.selectors for pattern in selector.key_patterns})
        channels = sorted({pattern for selector in access.selectors for pattern in selector.channel_patterns})
        pool = [b"key", b"", *near_misses([*patterns, *channels], random)]
        databases = {0, *(number for selector in access.selectors for number in selector.databases or ())}
        usual = sorted(number for number in databases if number < _USUAL_DATABASES)
        calls = []
        for forms in self._calls.forms.values():
            form = random.choice(forms)
            words = list(form.words)
            for place, _ in form.keys:
                words[place] = random.choice(pool)
            if form.command in rows.CHANNELS:
                words[1] = random.choice(pool)
            calls.append(Call(form, tuple(words), random.choice(usual)))
        return calls

    def _trial(self, text: str, random: Random) -> Trial | None:
        """The trial of a string; None where the server refuses it."""
        rules = words_of(text)
        if self._calls.has_subcommands:
            rules = without_channels_first(rules)
        if self._judge.refusal(rules) is not None:
            return None
        lists = lists_of(self.link, rules, self._calls.forms)
        return Trial(self._calls, lambda calls: self.verdicts(rules, calls), text, lists, random)
