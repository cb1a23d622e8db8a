"""The types of agents, one file each."""
