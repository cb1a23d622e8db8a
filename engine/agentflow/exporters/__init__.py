"""What a flow can be exported to, one file a format."""
