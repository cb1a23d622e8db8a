"""CannotEditError: an edit that a text or a table, as it stands, cannot hold."""

__all__ = ["CannotEditError"]


class CannotEditError(Exception):
    """What was to be edited has to be written anew instead."""
