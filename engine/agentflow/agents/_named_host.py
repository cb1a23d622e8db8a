"""Named hosts: the host that an address names itself, whatever is filled in when it runs."""

import re

__all__ = ["named_host", "named_origin", "target"]

_LITERAL_HOST = re.compile(
    r"https?://(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s/?#{}\[\]@\\:]+)(:\d+)?(?=[/?#]|$)"
)


def named_host(url: str) -> str:
    """The host that a url names; "" when it does not."""
    found = _LITERAL_HOST.match(url)
    return found["host"].strip("[]").lower() if found else ""


def named_origin(url: str) -> str:
    """Scheme, host and port that a url names: "https://api.example:8080"; "" when it does not."""
    found = _LITERAL_HOST.match(url)
    return found.group().lower() if found else ""


def target(url: str) -> str:
    """Where a request to it goes, for a person who is to agree to that."""
    found = _LITERAL_HOST.match(url)
    return f"{found.group()}/" if found else "an address that is known only when it runs"
