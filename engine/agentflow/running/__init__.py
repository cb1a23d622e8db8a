"""A run: a flow is compiled into steps, and the steps carry an event through it."""
