"""Other dialects of agentflow.toml that are read, one file a dialect."""
