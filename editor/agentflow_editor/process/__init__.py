"""The editor as a process: its event loop, its garbage, its locks, its end."""
