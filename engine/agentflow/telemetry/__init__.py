"""Runs as OpenTelemetry spans; imported only where they are asked for."""
