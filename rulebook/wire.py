"""Property values as Pulumi writes them, with the marks that stand for secrets and unknown values.

Seen with Pulumi 3.259.0; the marks are those of sdk/go/common/resource/properties.go.
"""

import json
from collections.abc import Mapping
from typing import Final

from elasticache.properties import Marker, Secret

SIGNATURE_KEY: Final = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a constant of Pulumi's, not a password
OUTPUT_SIGNATURE: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
REDACTED: Final = "[secret]"
"""What Pulumi writes in place of a secret that it cannot or shall not decrypt, whatever its type was."""

UNKNOWN_VALUES: Final = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""What stands in place of a boolean, number, string, array, asset, archive or object that is not known yet."""


def decode(value: object) -> object:
    """Turn a property value as Pulumi writes it into plain JSON values and markers.

    What carries a secret mark is a `Secret`; where it is encrypted or redacted it is `Marker.UNREADABLE`. An unknown
    value is `Marker.UNKNOWN`, secret or not, and a secret null is null. Assets, archives and whatever else carries a
    signature count as unreadable.
    """
    if isinstance(value, str):
        if value == REDACTED:
            return Marker.UNREADABLE
        return Marker.UNKNOWN if value in UNKNOWN_VALUES else value
    if isinstance(value, list):
        return [decode(element) for element in value]
    if isinstance(value, Mapping):
        if SIGNATURE_KEY in value:
            return _decode_signed(value)
        return {key: decode(element) for key, element in value.items()}
    return value


def _decode_signed(value: Mapping[str, object]) -> object:
    signature = value[SIGNATURE_KEY]
    if signature == SECRET_SIGNATURE:
        if "value" in value:
            return _secret(value["value"])
        plaintext = value.get("plaintext")
        if isinstance(plaintext, str):
            try:
                return _secret(json.loads(plaintext))
            except ValueError:
                return Marker.UNREADABLE
        return Marker.UNREADABLE
    if signature == OUTPUT_SIGNATURE:
        if "value" not in value:
            return Marker.UNKNOWN
        return _secret(value["value"]) if value.get("secret") is True else decode(value["value"])
    return Marker.UNREADABLE


def _secret(value: object) -> object:
    decoded = decode(value)
    return decoded if decoded is None or isinstance(decoded, Marker | Secret) else Secret(decoded)
