"""OpenSteps: what belongs to each step of a run that has begun and not ended, by its entries."""

from typing import Generic, TypeVar

from agentflow.trace import StepCancelled, StepFailed, StepStarted, StepSucceeded, TraceEntry

__all__ = ["OpenSteps", "StepEnded", "owner_of", "pass_of", "was_stopped"]

StepEnded = StepSucceeded | StepFailed | StepCancelled

T = TypeVar("T")


def owner_of(path: str) -> str:
    """The path of the orchestrator that a step belongs to: of "a/refine#3/critic" "a/refine"."""
    owner = path.rpartition("/")[0]
    before, slash, last = owner.rpartition("/")
    return f"{before}{slash}{last.partition('#')[0]}"


def pass_of(path: str) -> int | None:
    """The pass of the loop that a step belongs to: of "a/refine#3/critic" 3; None in no loop."""
    number = path.rpartition("/")[0].rpartition("/")[2].partition("#")[2]
    return int(number) if number.isdecimal() else None


_STOPS = ("the run was stopped", "the task of the run was cancelled")


def was_stopped(entry: TraceEntry) -> bool:
    """Whether a step was cancelled by a person; what a person stopped is what is resumed."""
    return isinstance(entry, StepCancelled) and entry.why.startswith(_STOPS)


class OpenSteps(Generic[T]):
    """Finds what a reader of the trace has made of a step, for the entries that speak of it."""

    def __init__(self) -> None:
        self._began: dict[int, tuple[StepStarted, T]] = {}
        self._at: dict[str, list[int]] = {}
        """By path, the `seq` of those that began there: results may be routed back to a step that
        has not ended."""
        self._stopped: dict[int, tuple[StepStarted, T]] = {}

    def begin(self, entry: StepStarted, it: T) -> None:
        """A step began, and this belongs to it."""
        self._began[entry.seq] = entry, it
        self._at.setdefault(entry.path, []).append(entry.seq)

    def end(self, entry: StepEnded) -> T | None:
        """What belongs to the step that has ended here; None where its begin was not told."""
        seqs = self._at.get(entry.path, [])
        seq = entry.began if entry.began >= 0 else (seqs[-1] if seqs else -1)
        if seq not in self._began:
            return None
        began, it = self._began.pop(seq)
        self._at[began.path].remove(seq)
        if not self._at[began.path]:
            del self._at[began.path]
        if was_stopped(entry):
            self._stopped[seq] = began, it
        return it

    def stopped(self) -> list[tuple[StepStarted, T]]:
        """The steps that somebody stopped, in the order in which they began, and forgets them.

        Whoever resumes the run goes on with them: they end once more, and do not begin again.
        """
        stopped = [self._stopped[seq] for seq in sorted(self._stopped)]
        self._stopped.clear()
        return stopped

    def at(self, path: str) -> T | None:
        """What belongs to the latest step of this path that is open."""
        seqs = self._at.get(path)
        return self._began[seqs[-1]][1] if seqs else None

    def around(self, path: str) -> T | None:
        """What belongs to the nearest step that a step of this path runs in; None at the root."""
        while path:
            path = owner_of(path)
            if (found := self.at(path)) is not None:
                return found
        return None

    def rest(self) -> list[T]:
        """What belongs to all that are open still, the innermost first."""
        return [it for _, it in reversed(self._began.values())]
