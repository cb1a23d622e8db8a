"""Page: a run in a journal, and how far it has been written or read."""

from agentflow.journal.chain import first_seal, next_seal

__all__ = ["Page", "outermost"]


def outermost(run_id: str) -> str:
    """The id of the run that a run is inside of, however deep: its own, where it is not."""
    return run_id.partition(":")[0]


class Page:
    """What is said of a run itself, and the end of its chain of rows."""

    __slots__ = (
        "began",
        "digest",
        "entries",
        "facts_seal",
        "file",
        "flow",
        "number",
        "run_id",
        "seal",
    )

    def __init__(
        self, run_id: str, began: float, flow: str, file: str, digest: str, *, number: int = 0
    ) -> None:
        """A run without a row yet.

        Args:
            run_id: its id.
            began: seconds since the epoch.
            flow: the flow's name.
            file: where the flow was read from; the folder of a flow that was not saved as it is;
                "" for a flow that has none.
            digest: SHA-256 of the flow's text, in hex.
            number: its number in the journal; 0 for a run that is not in it yet.
        """
        self.run_id, self.began, self.flow, self.file = run_id, began, flow, file
        self.digest, self.number = digest, number
        self.facts_seal = first_seal(run_id, began, flow, file, digest)
        """Seals what is said of the run itself."""
        self.seal = first_seal(run_id)
        """That of its last row."""
        self.entries = 0
        """How many there are in its rows."""

    def sealed(self, body: str, entries: int) -> bytes:
        """The seal of a row that comes next, with the text of so many entries."""
        self.seal = next_seal(self.seal, self.entries, body)
        self.entries += entries
        return self.seal
