"""The drawing: the only place that knows NodeGraphQt."""
