"""The command `agentflow`: one file a verb."""
