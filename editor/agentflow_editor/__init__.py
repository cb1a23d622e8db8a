"""The desktop editor for agentflow.toml."""
