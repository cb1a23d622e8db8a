"""What a person is asked or told in a window of its own. None of them blocks."""
