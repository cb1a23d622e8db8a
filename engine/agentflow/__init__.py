"""AgentFlow: agents and orchestrators, drawn as a tree, run as a tree."""
