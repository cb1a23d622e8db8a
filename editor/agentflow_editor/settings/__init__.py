"""What the editor remembers between starts, and what a person chose."""
