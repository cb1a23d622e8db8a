"""What a travel agent has to look up: how far it is, and what that costs."""

KILOMETRES = {
    frozenset({"Bergen", "Oslo"}): 496,
    frozenset({"Oslo", "Stockholm"}): 522,
    frozenset({"Hamburg", "Copenhagen"}): 339,
}


def distance(start: str, end: str) -> int:
    """Look up how many kilometres of railway lie between two cities."""
    try:
        return KILOMETRES[frozenset({start, end})]
    except KeyError:
        raise LookupError(f"no line leads from {start} to {end}") from None


def fare(kilometres: int, travellers: int, children: int = 0) -> float:
    """Work out what all tickets cost together, in euros.

    Args:
        kilometres: how far they go.
        travellers: how many they are, children included.
        children: how many of them pay half.
    """
    each = 12 + 0.11 * kilometres
    return round(each * (travellers - children) + each / 2 * children, 2)
