"""What a window is made of, around its canvas and its panes."""
