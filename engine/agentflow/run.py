"""Run: all that one event's dispatch shares, from its trace to its limits."""


class Run:
    """One event on its way through a flow."""
