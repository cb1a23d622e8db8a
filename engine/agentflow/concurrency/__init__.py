"""Tasks, threads, limits and deadlines; nothing in here knows what a flow is."""
