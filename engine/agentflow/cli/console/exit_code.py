"""ExitCode: how the command says what came of it."""

from enum import IntEnum

__all__ = ["ExitCode"]


class ExitCode(IntEnum):
    """What a shell or a CI job reads."""

    SUCCESS = 0
    FAILED = 1
    """The run failed, or could not begin."""
    USAGE = 2
    """The command was written wrongly."""
    INVALID = 3
    """The flow has errors; nothing was run."""
    INTERRUPTED = 130
    """Somebody stopped it."""

    @classmethod
    def of(cls, status: str) -> "ExitCode":
        """What a run's status is to a shell."""
        codes = {"succeeded": cls.SUCCESS, "cancelled": cls.INTERRUPTED}
        return codes.get(status, cls.FAILED)
