"""The contents of the docks, one file each."""
