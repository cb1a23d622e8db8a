"""The inspector's sections: what may be set on an agent, an orchestrator, the whole flow."""
