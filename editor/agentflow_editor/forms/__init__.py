"""Forms drawn from pydantic models; one file per kind of field."""
