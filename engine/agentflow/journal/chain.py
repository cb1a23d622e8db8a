"""The chain: each row of a run's entries is sealed with all that stands before it.

SQLite has no checksums over its file: a flipped bit gives another text and no error. A seal is the
SHA-256 of the seal before it and of the row's own text; the first one is over what is said of the
run itself. So a row that was changed, lost or put elsewhere breaks the chain at its place.
"""

import json
from hashlib import sha256
from typing import Any

__all__ = ["first_seal", "next_seal"]


def first_seal(*facts: Any) -> bytes:
    """What a run's chain begins with."""
    return sha256(json.dumps(facts).encode("ascii")).digest()


def next_seal(before: bytes, number: int, text: str) -> bytes:
    """The seal of a row.

    Args:
        before: the seal of the row before it.
        number: that of the row's first entry.
        text: the row's entries.
    """
    return sha256(b"%b%d %b" % (before, number, text.encode("utf-8"))).digest()
