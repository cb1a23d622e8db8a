"""Looks: each status as a sign and a style, so that neither colour nor shape is needed alone."""

__all__ = ["LOOKS", "PLAIN_SIGNS"]

LOOKS = {
    "waiting": ("·", "dim"),
    "running": ("●", "cyan"),
    "succeeded": ("✓", "green"),
    "failed": ("✗", "bold red"),
    "cancelled": ("■", "yellow"),
    "skipped": ("○", "dim"),
}

PLAIN_SIGNS = {
    "waiting": ".",
    "running": ">",
    "succeeded": "+",
    "failed": "x",
    "cancelled": "-",
    "skipped": "o",
}
"""The same where nothing but ASCII can be written."""
