"""Lines of `INFO commandstats`: `cmdstat_get:calls=26,usec=119,usec_per_call=4.58,rejected_calls=1,failed_calls=0`."""

import re
from typing import Final

from acl.captures.records import Count

START: Final = b"cmdstat_"
_LINE: Final = re.compile(
    rb"cmdstat_([a-z0-9:._|-]{1,80}):calls=([0-9]{1,20}),usec=[0-9]+,usec_per_call=[0-9.]+(?:,.*)?"
)
INFO_LINE: Final = re.compile(rb"# [A-Z][A-Za-z_ ]*|[A-Za-z][^\s\x22\[\]]*:.*")
"""A heading of INFO, or a line of another section."""


def count_in(line: bytes) -> Count | None:
    """The count of a line; None where the line is not a whole one of commandstats."""
    found = _LINE.fullmatch(line)
    return None if found is None else Count(found[1].decode(), int(found[2]))
