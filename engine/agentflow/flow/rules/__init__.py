"""What `check` looks for: one file a subject, each with a tuple RULES of functions of a Survey."""
