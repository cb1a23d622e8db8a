"""What `agentflow runs` does: one file a verb."""
