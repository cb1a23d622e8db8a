"""What the verbs share: where they write, how a run looks while it runs, how it is stopped."""
