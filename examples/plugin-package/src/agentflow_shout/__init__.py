"""An agent type, a mode and an export format for AgentFlow Studio."""
