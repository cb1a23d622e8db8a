"""What is being edited: the sheet, its edits, its history, its file."""
