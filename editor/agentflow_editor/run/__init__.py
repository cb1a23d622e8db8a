"""Runs started from the editor, and what panes read of them."""
