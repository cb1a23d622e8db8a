"""The journal: every run's flow and trace in SQLite, kept as it happens, and what is made of it."""
