"""Imported: a file of another dialect as a native one that is in no file yet."""

from collections.abc import Iterator

from tomlkit.exceptions import TOMLKitError

from agentflow.errors import FlowFileError, SaveError
from agentflow.flow.cannot_edit import CannotEditError
from agentflow.flow.canonical import canonical_text
from agentflow.flow.differences import apply
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.kinds import Kinds
from agentflow.flow.load import parse
from agentflow.flow.same_data import is_same_data
from agentflow.flow.toml_document import TomlDocument

__all__ = ["imported"]


def imported(file: FlowFile, kinds: Kinds) -> FlowFile:
    """The same flow in the native format, with all that the file says besides, in no file.

    The file's own text is edited, so that its comments stay; where that does not give exactly
    this flow, the text is written anew in the canonical form.

    Args:
        file: as it was read.
        kinds: which modes and agent types there are, such as the Catalogue.

    Raises:
        SaveError: no text says this flow.
    """
    for text in _texts(file):
        try:
            read = parse(text, kinds)
        except FlowFileError:
            continue
        is_meant = read.dialect is None and read.flow == file.flow
        if is_meant and is_same_data(read.native, file.native):
            return read
    raise SaveError(
        "cannot be said in the native format",
        file=file.source,
        fix="look at its problems for names that stand twice or cannot be names",
    )


def _texts(file: FlowFile) -> Iterator[str]:
    document = TomlDocument(file.text)
    try:
        apply(document, file.data, file.native, {})
        yield document.text
    except CannotEditError:
        pass
    try:
        yield canonical_text(file.native)
    except (TOMLKitError, ValueError, TypeError):
        return  # A value that TOML has no form for.
