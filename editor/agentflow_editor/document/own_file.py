"""OwnFile: where a document is saved, what stands there, and which state that is."""

from dataclasses import replace
from pathlib import Path

from agentflow.catalogue import Catalogue
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.save import save
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.document.state import State, drawn, opened, written

__all__ = ["OwnFile"]

UNTITLED = "Untitled"


class OwnFile:
    """A document's file, as far as it is known here."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.path: Path | None = None
        """Where it is; None for a flow that is in no file yet."""
        self.last: FlowFile | None = None
        """It as it was last read or written; None for a flow that is in none yet."""
        self.saved = opened(None, catalogue)
        """What it holds."""

    @property
    def title(self) -> str:
        """What it is called: with its folder, since most share a file name."""
        path = self.path
        return UNTITLED if path is None else f"{path.resolve().parent.name}/{path.name}"

    def begin(self, file: FlowFile | None, path: Path | None, saved: Sheet | None = None) -> State:
        """Be another one; what is shown of it.

        Args:
            file: what was read from it.
            path: where it is.
            saved: the sheet that needs no saving, where that is not what is shown.
        """
        self.path, self.last = path, file
        state = self.saved = opened(file, self._catalogue)
        if saved is not None:
            self.saved = drawn(saved, state, self._catalogue)
        return state

    def settle(self, file: FlowFile) -> None:
        """Hold what was read from it now."""
        self.last, self.saved = file, opened(file, self._catalogue)

    def holds(self, state: State) -> bool:
        """Whether it says what a state shows, so that there is nothing to save."""
        held = self.saved
        if state.sheet is not held.sheet and state.sheet != held.sheet:
            return False
        return state.manuscript is held.manuscript or state.text == held.text

    def adopted(self, text: FlowFile) -> FlowFile:
        """A text as if it had been read from this file."""
        own = self.last
        if own is None or own.dialect is not None:
            return replace(text, source=None, digest="")
        return replace(text, source=own.source, digest=own.digest, has_bom=own.has_bom)

    def disregard(self, digest: str) -> None:
        """Let the next save replace what has this digest, whoever wrote it."""
        if self.last is not None:
            self.last = replace(self.last, digest=digest)

    def write(self, state: State, path: Path, *, overwrite: bool) -> FlowFile:
        """Be the file at a path, and hold a state.

        Raises:
            SaveError: it was not written; it is as it was.
        """
        sheet, manuscript = state
        # What has to be on disk is what was read from there last, whatever was typed or undone.
        base = None if manuscript.file is None else self.adopted(manuscript.file)
        file = save(
            path,
            base,
            sheet.flow,
            manuscript.layout(sheet),
            self._catalogue,
            sketch=sheet.sketch,
            overwrite=overwrite,
        )
        self.path, self.last = path, file
        self.saved = written(file, state, self._catalogue)
        return file
