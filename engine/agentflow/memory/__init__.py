"""What a session's runs remember: values by key, and a search over them, in one SQLite file."""
