"""What agentflow.toml says, as frozen values, and how it is read, checked and written."""
