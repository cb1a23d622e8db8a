"""What is measured against what: the same work, written as each engine wants it written."""
