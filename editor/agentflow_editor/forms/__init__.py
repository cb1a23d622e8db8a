"""Forms that are drawn from declared settings, one file a kind of field."""
