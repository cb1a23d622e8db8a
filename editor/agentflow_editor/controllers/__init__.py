"""What the actions of a window do: each asks what has to be asked, then does it."""
