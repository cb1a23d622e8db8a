"""Icons, fonts, templates and texts: read with importlib.resources."""
