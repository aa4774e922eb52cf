"""Entries of ACL LOG: what users were refused."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from acl.captures.addresses import as_in_monitor
from acl.captures.records import Refusal
from acl.captures.replies import Reply

FIELDS: Final = (
    *(b"count", b"reason", b"context", b"object", b"username", b"age-seconds", b"client-info"),
    *(b"entry-id", b"timestamp-created", b"timestamp-last-updated"),
)
"""In the order in which servers write them; the last three from 7.2 on."""
NUMBERS: Final = frozenset({b"count", *FIELDS[7:]})
_MAY_BE_LAST: Final = frozenset(FIELDS[6:])
_REASONS: Final = frozenset({b"command", b"key", b"channel", b"database", b"auth", b"tls-cert"})
_LOGINS: Final = frozenset({b"auth", b"tls-cert"})
_INFO: Final = re.compile(rb"(?:^| )(addr|db|cmd)=(\S*)")


def is_complete(name: bytes, lines: Sequence[bytes]) -> bool:
    """Whether an entry that is printed raw may end with these lines of its last field."""
    return name in _MAY_BE_LAST and bool(lines)


def refusal_of(entry: Reply) -> Refusal | None:
    """The refusal that an entry tells of; None where it is not one."""
    if isinstance(entry, list):
        names, values = entry[::2], entry[1::2]
        if len(names) != len(values):
            return None
        entry = {name: value for name, value in zip(names, values, strict=True) if isinstance(name, bytes)}
    return refusal_in(entry) if isinstance(entry, dict) else None


def refusal_in(fields: Mapping[bytes, Reply]) -> Refusal | None:
    """The refusal by the names of its fields."""
    count, reason, context = fields.get(b"count"), fields.get(b"reason"), fields.get(b"context")
    seen, info = fields.get(b"object"), fields.get(b"client-info")
    updated = fields.get(b"timestamp-last-updated")
    if not isinstance(count, int) or not isinstance(seen, bytes) or not isinstance(info, bytes):
        return None
    if not isinstance(reason, bytes) or reason not in _REASONS or not isinstance(context, bytes):
        return None
    login = reason in _LOGINS
    about = dict(_INFO.findall(info))
    database = about.get(b"db", b"")
    return Refusal(
        reason="auth" if login else reason.decode(),
        object=b"" if login else seen,
        command=about.get(b"cmd", b"").decode(errors="replace"),
        in_script=context in {b"lua", b"script"},
        times=count,
        time=updated / 1000 if isinstance(updated, int) else None,
        database=int(database) if database.isdigit() else None,
        address=as_in_monitor(about[b"addr"]) if b"addr" in about else None,
    )
