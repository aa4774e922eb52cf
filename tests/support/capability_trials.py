"""Whether the owner of an access string really holds a capability, found out by trying calls on a real server.

Nothing runs: a server of 7.0 and later answers ACL DRYRUN, 6.2 queues each call inside MULTI and throws it away.
What only shows by running (COPY, then GET) stands in the tests as cases written by hand.
"""

import contextlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import islice, product
from random import Random
from typing import Final

from acl import capabilities as ids
from acl.access_string import AccessString, parse
from acl.capabilities import CAPABILITIES, Capability
from acl.commands import Access, CommandTable, commands_of
from acl.coverage import Keys
from acl.effect import effect_of
from acl.globs import matches
from tests.support.keys_to_try import is_one_of, key_for, walk
from tests.support.servers import give_up
from tests.testbed.call_forms import CallForms
from tests.testbed.comparison import words_of
from tests.testbed.random_access_strings import near_misses
from tests.testbed.servers import Link, ServerMissingError, running, server_named
from tests.testbed.verdicts import Call, Form, Judge, Question, RawLink, Verdict, judge_of

EVERY_KEY: Final = "every-key"
"""Stands for `Effect.every_key` among the ids of the capabilities."""
KEYLESS: Final = tuple(capability for capability in CAPABILITIES if capability.commands)

_MOST_DATABASES: Final = 100_000
_USUAL_DATABASES: Final = 16
_KEYS_TRIED: Final = 12
_PAIRED: Final = 16
_KEYS_SEARCHED: Final = 4
_WALKS: Final = 60
_WALKS_FOR_YES: Final = 3
_FEW_FORMS: Final = 4
_FILLERS: Final = 6
_NO_COMMAND: Final = Verdict.NO_COMMAND
_NEVER_GRANTED: Final = b"granted-by-nobody"
_SEARCHED_BYTES: Final = b"abcdefghijklmnopqrstuvwxyz0123456789:-_."
_WRITTEN_OUT: Final[Mapping[str, tuple[str, ...]]] = {
    "flushall": ("flushall", "flushall async"),
    "flushdb": ("flushdb", "flushdb sync"),
    **{name: (f"{name} {_NEVER_GRANTED.decode()} 0",) for name in ids.SCRIPTS},
}
"""Calls of commands whose shortest form is not what one would try."""
_COUNT: Final = re.compile(rb"[1-9][0-9]{0,4}")
_NUMBER: Final = re.compile(rb"[0-9]{1,5}")
_FITTING: Final[Mapping[str, re.Pattern[bytes]]] = {
    **dict.fromkeys(("lmpop", "zmpop", "sintercard", "zinter", "zintercard", "zunion", "zdiff"), _COUNT),
    **dict.fromkeys(("blmpop", "bzmpop"), _NUMBER),
    "bitop": re.compile(rb"and|or|xor|not"),
    "xread": re.compile(rb"streams|count|block"),
    "xreadgroup": re.compile(rb"group"),
    "stralgo": re.compile(rb"lcs"),
}
"""First arguments, in lower case, with which commands can run whose first argument is no key."""


@dataclass(frozen=True)
class Contradiction:
    """The server and `effect_of` disagree."""

    text: str
    capability: str
    claimed: bool
    shown_by: str
    """The key or call on which the server says otherwise."""

    def __str__(self) -> str:
        """Who says what about which string."""
        claim = "holds" if self.claimed else "lacks"
        return f"{self.text!r} {claim} {self.capability} by effect_of, but on the server: {self.shown_by}"


@dataclass
class Tally:
    """How often each claim was held against the server."""

    agreed: dict[tuple[str, bool], int] = field(default_factory=dict)
    """(capability, claimed) to the number of strings."""
    unconfirmed: list[tuple[str, str]] = field(default_factory=list)
    """(string, capability) where no key was found that shows a no; the string allowed all that were tried."""
    unfitting: list[tuple[str, str]] = field(default_factory=list)
    """(string, capability) held only by what no call fits, as `+bitop|x`, `~b* +rename|a`, or COPY to what is not read.

    The claim errs on the side of caution there.
    """
    refused: list[str] = field(default_factory=list)
    """Strings that the server does not take."""

    def add(self, capability: str, *, claimed: bool) -> None:
        """Count one claim that the server bears out."""
        self.agreed[capability, claimed] = self.agreed.get((capability, claimed), 0) + 1


def claims_of(access: AccessString) -> AbstractSet[str]:
    """The capabilities that `effect_of` finds, with `EVERY_KEY`."""
    effect = effect_of(access)
    return {*effect.commands, *([EVERY_KEY] if effect.every_key else [])}


@contextlib.contextmanager
def trials_on(name: str, *, seed: int = 0) -> Iterator["CapabilityTrials"]:
    """Start the named server, set up as ElastiCache is: users start with every channel.

    :param name: one of `SERVER_NAMES`.
    :param seed: decides which keys are tried.
    """
    table = commands_of(name)
    settings = ["--acl-pubsub-default", "allchannels"]
    if table.syntax.databases:
        settings += ["--databases", str(_MOST_DATABASES)]
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(running(server_named(name), *settings))
        except ServerMissingError as missing:
            give_up(str(missing))
        link = stack.enter_context(server.connect())
        raw = stack.enter_context(contextlib.closing(RawLink(server.socket_path)))
        judge = judge_of(link, raw, has_dry_run=table.syntax.subcommands)
        yield CapabilityTrials(link, judge, table, seed)


class CapabilityTrials:
    """Tries capabilities on one running server; `trials_on` makes one."""

    def __init__(self, link: Link, judge: Judge, table: CommandTable, seed: int) -> None:
        """Ask the server for the forms of its calls; see `trials_on`."""
        self.table = table
        self.link = link
        self._judge = judge
        self._seed = seed
        self._forms = CallForms(link, table).by_command
        self._readers, self._movers, self._writers = _kinds_of_commands(table)
        self.tally = Tally()

    def contradictions(
        self, texts: Sequence[str], claims: Callable[[AccessString], AbstractSet[str]] = claims_of
    ) -> Iterator[Contradiction]:
        """Hold what is claimed of each valid string against the server, in both directions."""
        for text in texts:
            access = parse(text, self.table)
            if not access.valid:
                continue
            rules = self._rules(text, access)
            if self._judge.refusal(rules) is not None:
                self.tally.refused.append(text)
                continue
            claimed = claims(access)
            trial = _Trial(self, text, access, rules, Random(f"{self._seed} {text}"))
            yield from trial.contradictions(claimed)

    def held_without_keys(self, text: str, wanted: Collection[str]) -> dict[str, bytes]:
        """The named keyless capabilities that a string gives on the server, each with a call that shows it.

        :raises AssertionError: the server refuses the string.
        """
        access = parse(text, self.table)
        rules = self._rules(text, access)
        assert self._judge.refusal(rules) is None, text
        trial = _Trial(self, text, access, rules, Random(0))
        return trial.keyless([capability for capability in KEYLESS if capability.id in wanted])

    def allowed(self, text: str, calls: Sequence[Sequence[bytes]], database: int = 0) -> list[bool]:
        """Whether the owner of a string that the server takes may make each of these calls."""
        forms = [Call(Form("", (), (), takes_any_first_argument=False), tuple(call), database) for call in calls]
        (said,) = self._judge.verdicts([Question(words_of(text), forms)])
        return [verdict is Verdict.ALLOWED for verdict in said]

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
        return self._forms[command]

    def plain_call(self, command: str) -> tuple[bytes, ...]:
        """The shortest call of a command that the server understands."""
        return self._forms[command][0].words

    def random_calls(self, access: AccessString, random: Random) -> list[Call]:
        """Every command once, and calls on keys that the string's patterns match or just do not match."""
        patterns = sorted({pattern for selector in access.selectors for pattern in selector.key_patterns})
        channels = sorted({pattern for selector in access.selectors for pattern in selector.channel_patterns})
        pool = [b"key", b"", *near_misses([*patterns, *channels], random)]
        databases = {0, *(number for selector in access.selectors for number in selector.databases or ())}
        usual = sorted(number for number in databases if number < _USUAL_DATABASES)
        calls = []
        for forms in self._forms.values():
            form = random.choice(forms)
            words = list(form.words)
            for place, _ in form.keys:
                words[place] = random.choice(pool)
            if form.command in ids.CHANNELS:
                words[1] = random.choice(pool)
            calls.append(Call(form, tuple(words), random.choice(usual)))
        return calls

    def forms_of(self, capability: str) -> Mapping[str, Sequence[Form]]:
        """The calls by which a capability on keys or channels is tried, by command."""
        names = {
            ids.READ_ANY_KEY: (*self._readers, *self._movers),
            ids.WRITE_ANY_KEY: self._writers,
            ids.USE_ANY_CHANNEL: [name for name in ids.CHANNELS if name in self.table.index],
        }[capability]
        return {name: self._forms[name] for name in names}

    def needs_of_first_key(self, command: str) -> Access | None:
        """What a command whose first argument is a key needs of it."""
        return next((needs for form in self._forms.get(command, ()) for place, needs in form.keys if place == 1), None)

    def is_mover(self, command: str) -> bool:
        """Whether the command reads one key into another, and shows nothing itself."""
        return command in self._movers

    def keyless_calls(self, command: str, first_arguments: Collection[bytes], *, free: bool) -> Iterator[Form]:
        """Fitting calls of a command that names no key, also with each first argument that is granted."""
        words = command.encode().split(b"|")
        if command in _WRITTEN_OUT:
            plain = [tuple(call.encode().split()) for call in _WRITTEN_OUT[command]]
        elif command in self.table.index:
            plain = [self._forms[command][0].words]
        else:
            plain = [(*words, b"1"), tuple(words)]
        for call in plain:
            yield Form(command, call, (), takes_any_first_argument=True)
            if free and "|" not in command and len(call) > 1:
                for argument in first_arguments:
                    yield Form(command, (call[0], argument, *call[2:]), (), takes_any_first_argument=True)
        if free and "|" not in command and command in {"failover", "shutdown", "bgsave"}:
            for argument in first_arguments:
                yield Form(command, (words[0], argument), (), takes_any_first_argument=True)

    def _rules(self, text: str, access: AccessString) -> list[bytes]:
        """The words of a string, such that rules for channels start from none, as they are meant."""
        if self.table.syntax.all_channels_by_default:
            return words_of(text)
        words = [rule.token for rule in access.rules]
        rules: list[bytes] = [b"resetchannels"] * access.selectors[0].channel_rules
        for word in words:
            own = parse(word.decode("utf-8", "surrogateescape"), self.table) if word.startswith(b"(") else None
            limited = own is not None and own.selectors[-1].channel_rules
            rules.append(b"(resetchannels " + word[1:] if limited else word)
        return rules


def _kinds_of_commands(table: CommandTable) -> tuple[list[str], list[str], list[str]]:
    """The commands that show values, those that read one key into another, and those that change keys."""
    readers, movers, writers = list[str](), list[str](), list[str]()
    for name, specs in zip(table.names, table.key_specs, strict=True):
        if any(spec.reads for spec in specs):
            if name in ids.MOVERS:
                movers.append(name)
            elif name not in ids.SHOW_NO_VALUE:
                readers.append(name)
        if any(spec.writes for spec in specs) and name not in ids.SCRIPTS:
            writers.append(name)
    return readers, movers, writers


@dataclass
class _Trial:
    """One string on one server."""

    trials: CapabilityTrials
    text: str
    access: AccessString
    rules: Sequence[bytes]
    random: Random

    def __post_init__(self) -> None:
        self.databases = self._databases()
        self._calls: dict[str, _CallsOnKeys] = {}
        self.first_arguments: dict[str, list[bytes]] = {}
        for selector in self.access.selectors:
            for command, arguments in selector.first_arguments.items():
                self.first_arguments.setdefault(self.trials.table.names[command], []).extend(arguments)
        patterns = {pattern for selector in self.access.selectors for pattern in selector.key_patterns}
        likely = [key for pattern in sorted(patterns) if (key := key_for(pattern, self.random)) is not None]
        self.touches_keys = bool(likely) or any(selector.all_keys for selector in self.access.selectors)
        fixed = [argument for arguments in self.first_arguments.values() for argument in arguments]
        self.fillers = [b"filler-key", *self.random.sample(likely, min(len(likely), _FILLERS)), *fixed[:_FILLERS]]

    def _databases(self) -> list[int]:
        named = {number for selector in self.access.selectors for number in selector.databases or ()}
        if all(selector.databases is None for selector in self.access.selectors):
            return [0]
        return sorted({0, 4, *(number for number in named if number < _MOST_DATABASES)})

    def contradictions(self, claimed: AbstractSet[str]) -> Iterator[Contradiction]:
        shown = self.keyless(KEYLESS)
        for capability in KEYLESS:
            if (capability.id in claimed) == (capability.id in shown):
                self.trials.tally.add(capability.id, claimed=capability.id in claimed)
            else:
                evidence = shown.get(capability.id, b"no call of its commands is allowed").decode("utf-8", "replace")
                yield Contradiction(self.text, capability.id, capability.id in claimed, evidence)
        for capability_id, keys in (
            (ids.READ_ANY_KEY, Keys.PRACTICALLY_EVERY),
            (ids.WRITE_ANY_KEY, Keys.PRACTICALLY_EVERY),
            (ids.USE_ANY_CHANNEL, Keys.EVERY),
        ):
            yield from self._on_keys(capability_id, keys, claimed=capability_id in claimed)
        yield from self._every_key(claimed=EVERY_KEY in claimed)

    def keyless(self, wanted: Sequence[Capability]) -> dict[str, bytes]:
        """Those capabilities of which a call is allowed, each with that call."""
        calls: list[Call] = []
        owners: list[str] = []
        for capability in wanted:
            for command in capability.commands:
                if not self._known(command):
                    continue
                granted = self.first_arguments.get(command, ())
                for form in self.trials.keyless_calls(command, granted, free=capability.id != ids.RUN_CODE):
                    for words in self._filled(form):
                        calls += [Call(form, words, database) for database in self.databases]
                        owners += [capability.id] * len(self.databases)
        said = self.trials.verdicts(self.rules, calls)
        return {
            owner: b" ".join(call.words)
            for owner, call, verdict in zip(owners, calls, said, strict=True)
            if verdict is Verdict.ALLOWED
        }

    def _known(self, command: str) -> bool:
        table = self.trials.table
        container = command.partition("|")[0]
        return command in table.index or (not table.syntax.subcommands and "|" in command and container in table.index)

    def _filled(self, form: Form) -> Iterator[tuple[bytes, ...]]:
        """The calls that a form without keys of the user's choice stands for."""
        if form.command == "migrate":
            yield from ((*form.words[:3], key, *form.words[4:]) for key in self.fillers)
        elif form.command == "swapdb":
            yield from self._swaps(form)
        else:
            yield form.words

    def _swaps(self, form: Form) -> Iterator[tuple[bytes, ...]]:
        given = self.first_arguments.get("swapdb", [])
        numbers = [b"%d" % number for number in ({0, 1, *self.databases} if self.databases != [0] else {0, 1})]
        for first, second in product([*numbers, *given], numbers):
            if first != second:
                yield (form.words[0], first, second)

    def _on_keys(self, capability: str, keys: Keys, *, claimed: bool) -> Iterator[Contradiction]:
        missed = self._missed(capability, keys, claimed=claimed)
        if claimed and missed is not None:
            if self._grants_unfitting_calls() or self._moves(capability):
                self.trials.tally.unfitting.append((self.text, capability))
            else:
                yield Contradiction(self.text, capability, claimed, f"{missed!r} is refused by all of its commands")
        elif not claimed and missed is None:
            self.trials.tally.unconfirmed.append((self.text, capability))
        else:
            self.trials.tally.add(capability, claimed=claimed)

    def _every_key(self, *, claimed: bool) -> Iterator[Contradiction]:
        both = [
            self._missed(capability, Keys.EVERY, claimed=claimed)
            for capability in (ids.READ_ANY_KEY, ids.WRITE_ANY_KEY)
        ]
        if claimed and None not in both:
            if self._grants_unfitting_calls() or self._moves(ids.READ_ANY_KEY):
                self.trials.tally.unfitting.append((self.text, EVERY_KEY))
            else:
                yield Contradiction(self.text, EVERY_KEY, claimed, f"it reads no {both[0]!r} and writes no {both[1]!r}")
        elif not claimed and None in both:
            self.trials.tally.unconfirmed.append((self.text, EVERY_KEY))
        else:
            self.trials.tally.add(EVERY_KEY, claimed=claimed)

    def _grants_unfitting_calls(self) -> bool:
        return not self.touches_keys or any(
            not self._fits(command, argument)
            for command, arguments in self.first_arguments.items()
            for argument in arguments
        )

    def _moves(self, capability: str) -> bool:
        """Whether it may read by moving, which counts wherever there is any key to move to and any to read."""
        movers = self.trials.table.mask(*ids.MOVERS)
        return capability == ids.READ_ANY_KEY and any(selector.commands & movers for selector in self.access.selectors)

    def _fits(self, command: str, argument: bytes) -> bool:
        if command in _FITTING:
            return _FITTING[command].fullmatch(argument) is not None
        needs = self.trials.needs_of_first_key(command)
        bit = self.trials.table.index[command]
        return needs is None or any(
            argument in selector.first_arguments.get(bit, ()) and selector.allows_key(argument, needs)
            for selector in self.access.selectors
        )

    def _missed(self, capability: str, keys: Keys, *, claimed: bool) -> bytes | None:
        """A key that no call of the capability's commands may touch; None when each one that was tried may be."""
        calls = self._calls.get(capability)
        if calls is None:
            calls = self._calls[capability] = _CallsOnKeys(self, capability)
        if not calls.any_left:
            return _NEVER_GRANTED
        if calls.reads_anything:
            return None
        searched = self._searched(capability, keys, _WALKS_FOR_YES if claimed else _WALKS)[:_KEYS_SEARCHED]
        chosen = [*searched, *self._random_keys(keys)]
        return calls.first_refused(chosen[:_KEYS_TRIED] if claimed else chosen)

    def _searched(self, capability: str, keys: Keys, walks: int) -> list[bytes]:
        """Keys of which few of the patterns that seem to count match, those first that the fewest match."""
        wanted = Access.WRITE if capability == ids.WRITE_ANY_KEY else Access.READ
        forms = self.trials.forms_of(capability)
        mask = self.trials.table.mask(*forms)
        some, in_both_directions = set[bytes](), set[bytes]()
        for selector in self.access.selectors:
            partly = sum(1 << command for command in selector.first_arguments)
            if not (selector.commands | partly) & mask:
                continue
            if capability == ids.USE_ANY_CHANNEL:
                some.update(selector.channel_patterns)
            else:
                some.update(pattern for pattern, allowed in selector.key_patterns.items() if allowed & wanted)
                in_both_directions.update(
                    pattern for pattern, allowed in selector.key_patterns.items() if allowed is Access.BOTH
                )
        guesses = (sorted(some), sorted(in_both_directions))
        walked = (walk(guesses[turn % 2], keys, self.random) for turn in range(walks))
        found = [*islice((key for key in walked if key is not None), _KEYS_SEARCHED)]
        if keys.shortest == 1:
            written = sorted({bytes((byte,)) for pattern in some for byte in pattern})
            found += written
            found += [first + second for first in written[:_PAIRED] for second in written[:_PAIRED]]
        found += [key for key in near_misses(sorted(some), self.random) if is_one_of(key, keys)]
        # Only an order: what is asked of the server in the end decides.
        return sorted(dict.fromkeys(found), key=lambda key: sum(matches(pattern, key) for pattern in some))

    def _random_keys(self, keys: Keys) -> list[bytes]:
        letters = bytes(range(256)) if keys is Keys.EVERY else _SEARCHED_BYTES
        return [
            bytes(self.random.choices(letters, k=self.random.randrange(keys.shortest, keys.shortest + 5)))
            for _ in range(_KEYS_TRIED)
        ]


class _CallsOnKeys:
    """The calls by which one string's grip on a key, or a channel, is tried."""

    def __init__(self, trial: _Trial, capability: str) -> None:
        self._trial = trial
        self._capability = capability
        self._channels = capability == ids.USE_ANY_CHANNEL
        forms = trial.trials.forms_of(capability)
        wanted = Access.WRITE if capability == ids.WRITE_ANY_KEY else Access.READ
        self._places = [
            (form, place) for several in forms.values() for form in several for place in self._places_in(form, wanted)
        ]
        self._places = self._granted(self._places)
        self._readable = self._readable_fillers() if capability == ids.READ_ANY_KEY else []

    @property
    def any_left(self) -> bool:
        """Whether any command is granted at all, with some first argument at least."""
        return bool(self._places)

    @property
    def reads_anything(self) -> bool:
        """On 6.2 SORT … GET reads any key, if there is one to be sorted."""
        table = self._trial.trials.table
        if table.syntax.subcommands or self._capability != ids.READ_ANY_KEY:
            return False
        form = Form("sort", (b"sort", b"k"), ((1, Access.BOTH),), takes_any_first_argument=False)
        return any(self._ask([Call(form, (b"sort", key), 0) for key in (*self._trial.fillers, b"")]))

    def _places_in(self, form: Form, wanted: Access) -> Sequence[int]:
        if self._channels:
            return [*range(1, 2 if form.command.endswith("publish") else len(form.words))]
        return [place for place, needs in form.keys if needs & wanted]

    def _granted(self, places: Sequence[tuple[Form, int]]) -> list[tuple[Form, int]]:
        """Drop the commands that no list grants, so that the many calls that follow are not wasted."""
        first = {form.command: form for form, _ in reversed(places)}
        calls = [Call(form, form.words, database) for form in first.values() for database in self._trial.databases]
        said = self._trial.trials.verdicts(self._trial.rules, calls)
        granted = {call.form.command for call, verdict in zip(calls, said, strict=True) if verdict is not _NO_COMMAND}
        granted.update(self._trial.first_arguments)
        return [(form, place) for form, place in places if form.command in granted]

    def _variants(self, form: Form, place: int, key: bytes, *, few: bool = False) -> list[Call]:
        """A form with the key at its place, the other keys and the first argument filled in several ways."""
        if self._trial.trials.is_mover(form.command) and self._capability == ids.READ_ANY_KEY:
            others = [*self._readable] if not few else [b"other"]
        else:
            others = [key] if few else [key, *self._trial.fillers]
        keys = [at for at in range(1, len(form.words)) if self._is_key(form, at) and at != place]
        found: dict[tuple[bytes, ...], None] = {}
        for other in others if keys else others[:1]:
            words = list(form.words)
            for at in keys:
                words[at] = other
            words[place] = key
            found[tuple(words)] = None
            for argument in self._trial.first_arguments.get(form.command, ()):
                if place != 1 and (1 in keys or form.words[1].lower() == argument):
                    found[words[0], argument, *words[2:]] = None
        return [Call(form, words, database) for words in found for database in self._trial.databases]

    def _is_key(self, form: Form, at: int) -> bool:
        if self._channels:
            return at == 1 or not form.command.endswith("publish")
        return any(place == at for place, _ in form.keys)

    def _readable_fillers(self) -> list[bytes]:
        plain = [(form, place) for form, place in self._places if not self._trial.trials.is_mover(form.command)]
        return [
            filler
            for filler in self._trial.fillers
            if any(self._ask([call for form, place in plain for call in self._variants(form, place, filler, few=True)]))
        ]

    def first_refused(self, keys: Sequence[bytes]) -> bytes | None:
        for key in keys:
            shuffled = self._trial.random.sample(self._places, len(self._places))
            for some in (shuffled[:_FEW_FORMS], shuffled[_FEW_FORMS:]):
                calls = [call for form, place in some for call in self._variants(form, place, key)]
                if any(self._ask(calls)):
                    break
            else:
                return key
        return None

    def _ask(self, calls: Sequence[Call]) -> list[bool]:
        if not calls:
            return []
        return [verdict is Verdict.ALLOWED for verdict in self._trial.trials.verdicts(self._trial.rules, calls)]
