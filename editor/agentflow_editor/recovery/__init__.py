"""Recovery: unsaved work is kept beside the user's state, and offered after a sudden end."""
