"""Lines of MONITOR: `1795560078.429601 [0 127.0.0.1:51012] "SET" "key" "value"`."""

import re
from typing import Final

from acl.captures.quoting import is_quoted
from acl.captures.records import Call

_LINE: Final = re.compile(rb'([0-9]{1,12}\.[0-9]{1,9}) \[([0-9]{1,10}) ([^"]{1,200}?)\] (".*")[\r\n]*')


def call_in(line: bytes) -> Call | None:
    """The call of a line; None where the line is not one of MONITOR, whole and unharmed."""
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    stamp, number, address, text = found.groups()
    return Call(text, stamp, number, address) if is_quoted(text) else None
