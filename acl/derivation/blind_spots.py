"""What captures cannot show, and what of a capture no rule could be made of."""

from collections.abc import Iterator, Mapping

from acl.commands import CommandTable, typed
from acl.derivation.selection import Tally
from acl.derivation.use import Use

_MOST_NAMED = 8
_TOLD_OF_ADMINISTRATION = (
    *("client|list", "client|kill", "client|no-evict", "config|get", "slowlog|get", "acl|getuser", "role", "monitor"),
    *("latency|latest", "module|list", "cluster|failover", "client", "config", "slowlog", "acl", "module", "latency"),
)


def not_seen(table: CommandTable, tally: Tally) -> Iterator[str]:
    """What captures of these kinds cannot show, a sentence each."""
    if tally.calls > tally.logged:
        hidden = [name for name in _TOLD_OF_ADMINISTRATION if name in table.names_in(table.categories["admin"])]
        names = ", ".join(typed(name) for name in hidden[:_MOST_NAMED])
        yield f"MONITOR shows no commands of administration ({names} and the like), and no users, only addresses"
        yield "MONITOR shows no calls that were refused, and none that were queued and then discarded"
        yield "MONITOR shows no client of calls from scripts: they count for the client whose script ran before them"
    if tally.logged:
        yield (
            "SLOWLOG and COMMANDLOG hold only calls past their threshold, the last of them, and of a call "
            "31 words and 128 bytes of a word"
        )
    if tally.counts:
        yield (
            "commandstats shows no keys, no channels and no clients: it counts what everybody called since the last "
            "restart or CONFIG RESETSTAT"
        )
    if tally.refusals:
        yield "ACL LOG holds what was refused, and nothing of what was allowed; of that the last 128 by default"
    yield "what did not happen meanwhile: reconnects, failovers, migrations, cleaning up, the jobs of a month's end"


def left_out(use: Use, blocked: Mapping[str, str]) -> Iterator[str]:
    """What was seen and is not in the string, a sentence each.

    :param blocked: commands that were left out, to who blocks them.
    """
    title = use.table.line.title
    for name in sorted(blocked.keys() & use.commands.keys()):
        yield f"{_calls(use.commands[name].calls)} of {typed(name)}, which {blocked[name]} blocks"
    for name, calls in sorted(use.unknown.items()):
        yield f"{_calls(calls)} of {name.upper() or 'some command'}, which {title} does not have"
    for name, calls in sorted(use.undivided.items()):
        yield f"{_calls(calls)} of {name.upper()}: which of its subcommands, the count does not say"
    if use.looked_up:
        yield f"{_calls(use.looked_up)} of SORT that look up other keys by BY or GET: only ~* itself allows that"
    if use.indexed:
        yield f"the keys of {_calls(use.indexed)} that name a search index: all keys of the index must be allowed"
    if use.cut:
        yield f"the later words of {_calls(use.cut)}, which the log leaves out; keys among them are not known"
    without = sorted(name for name, seen in use.commands.items() if seen.without_names and use.names_something(name))
    if without:
        names = ", ".join(typed(name) for name in without[:_MOST_NAMED])
        more = f" and {len(without) - _MOST_NAMED} more" if len(without) > _MOST_NAMED else ""
        yield f"keys or channels of {names}{more}: counts and refusals do not name them all; give them by hand"


def _calls(number: int) -> str:
    return f"{number:,} call{'' if number == 1 else 's'}"
