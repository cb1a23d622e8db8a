"""Definition: whether a run's flow is still what it was when the run began."""

from hashlib import sha256
from pathlib import Path

from agentflow.errors import JournalError
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.kinds import Kinds
from agentflow.flow.load import load, parse
from agentflow.journal.recorded_run import RecordedRun

__all__ = ["flow_to_resume"]


def flow_to_resume(run: RecordedRun, kinds: Kinds, *, accept_changes: bool = False) -> FlowFile:
    """The flow that a run is to go on with: as its file is now, which has to mean the same.

    Comments, order and positions may be others. A flow that was in no file, or was not saved as it
    was run, is as it was, among the files of its folder.

    Args:
        run: what is recorded of it.
        kinds: the modes and agent types that there are.
        accept_changes: take the file's flow whatever it says.

    Raises:
        JournalError: it is not what it was, or nobody can say.
        FlowFileError: the file cannot be read.
    """
    if not run.page.file:
        return parse(_text(run), kinds)
    file = Path(run.page.file)
    if file.is_dir():
        return parse(_text(run), kinds, file / "agentflow.toml")
    opened = load(file, kinds)
    is_same_text = sha256(opened.text.encode("utf-8")).hexdigest() == run.page.digest
    if is_same_text or accept_changes or parse(_text(run), kinds).flow == opened.flow:
        return opened
    what = f"the flow is not what it was when run {run.id} began"
    back = f"agentflow runs export {run.id[:12]} --flow"
    fix = f"put it back ({back}), or accept the changes (--accept-changes)"
    raise JournalError(run.page.file, what, fix)


def _text(run: RecordedRun) -> str:
    if run.text is None:
        what = f"the text of the flow of run {run.id} is damaged"
        raise JournalError(run.page.file or "journal", what, "run the flow again")
    return run.text
