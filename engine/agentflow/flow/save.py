"""Writes a flow to its file, whole or not at all."""

import errno
from dataclasses import replace
from pathlib import Path

from agentflow.errors import FlowFileError, SaveError
from agentflow.flow.atomic_file import FileChangedError, replace_file
from agentflow.flow.flow import Flow
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.kinds import Kinds
from agentflow.flow.load import load
from agentflow.flow.render import Positions, Rendered, render
from agentflow.flow.sketch import Sketch

__all__ = ["Rendered", "render", "save"]

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_FOLDER = {errno.ENOENT, errno.ENOTDIR}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def save(
    path: Path | str,
    file: FlowFile | None,
    flow: Flow,
    layout: Positions,
    kinds: Kinds,
    *,
    sketch: Sketch | None = None,
    overwrite: bool = False,
) -> FlowFile:
    """Write a flow to a file, whole or not at all.

    Args:
        path: the file; a link is followed.
        file: what was read, from there or from elsewhere; None for a flow that is in no file yet.
        flow: what the file is to say.
        layout: positions of nodes by path.
        kinds: which modes and agent types there are, such as the Catalogue.
        sketch: what else the canvas shows; None leaves that as the file says it.
        overwrite: whether a file may be replaced that is not what was read.

    Raises:
        SaveError: it was not written; the file is as it was.
    """
    target = Path(path)
    rendered = render(file, flow, layout, kinds, sketch)
    mark = "\N{BYTE ORDER MARK}" if file is not None and file.has_bom else ""
    expected = None if overwrite else _expected(target, file)
    try:
        content = (mark + rendered.text).encode("utf-8")
        replace_file(target, content, expected=expected)
        read = load(target, kinds)
        # The very flow that was given, so that others can tell at a glance that it is the same.
        same = flow if read.flow == flow else read.flow
        return replace(read, flow=same, rewritten=rendered.rewritten)
    except FileChangedError:
        what = "has been changed by somebody else since it was read" if expected else "exists"
        fix = "save under another name, or overwrite it on purpose"
        raise SaveError(what, file=target, fix=fix) from None
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        raise SaveError(what, file=target, fix=_fix(error)) from error
    except (FlowFileError, UnicodeEncodeError) as error:
        raise SaveError(f"cannot be written ({error})", file=target) from error


def _fix(error: OSError) -> str:
    """What a person can do about a file that could not be written."""
    if error.errno in _FULL:
        return "make room on the disk, or save to another one"
    if error.errno in _NO_FOLDER:
        return "its folder is not there (any more); save to another one"
    return "save where you may write" if error.errno in _FORBIDDEN else ""


def _expected(target: Path, file: FlowFile | None) -> str:
    """What must be on disk: what was read from there, or nothing."""
    if file is None or file.source is None or file.dialect is not None:
        return ""  # A file of another dialect is nothing that a native one replaces by itself.
    same = target.resolve() == file.source.resolve()
    return file.digest if same else ""
