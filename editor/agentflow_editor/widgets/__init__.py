"""Widgets that know nothing of flows: a tree of JSON values, a page for what is empty."""
