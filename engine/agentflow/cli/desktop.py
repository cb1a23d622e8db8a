"""`agentflow desktop`: makes a Linux desktop know the editor and its files, or forget them."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import click

from agentflow.cli.console.sink import Sink
from agentflow.cli.console.verbs import Verb
from agentflow.own_process import own_command
from agentflow_resources.desktop_files import desktop_files

CACHES = (("update-mime-database", "mime"), ("update-desktop-database", "applications"))
"""What brings the desktop's own lists up to date, and the folder that it is given."""


@click.command("desktop", cls=Verb)
@click.argument("what", type=click.Choice(["install", "uninstall"]))
@click.pass_obj
def _desktop(sink: Sink, what: str) -> None:
    """Add the editor to this person's menus and files, or take it away.

    Names every file that it writes or removes. All are below XDG_DATA_HOME (~/.local/share). The
    desktop's own lists there are brought up to date where its programs for that are installed.
    """
    home = _data_home(os.environ)
    do = _write if what == "install" else _remove
    for place, content in desktop_files(own_command()).items():
        try:
            do(home / place, content)
        except OSError as error:
            message = f"{home / place}: it cannot be changed ({error.strerror}); see to its folder"
            raise click.UsageError(message) from None
        sink.result(str(home / place))
    for program, folder in CACHES:
        if (home / folder).is_dir():
            _refresh(sink, program, home / folder)


def _data_home(environ: Mapping[str, str]) -> Path:
    # A relative path is to be ignored, says the standard.
    told = environ.get("XDG_DATA_HOME", "")
    return Path(told) if os.path.isabs(told) else Path.home() / ".local/share"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _remove(path: Path, _content: bytes) -> None:
    with suppress(FileNotFoundError):
        path.unlink()


def _refresh(sink: Sink, program: str, folder: Path) -> None:
    found = shutil.which(program)
    if found is None:
        sink.note(f"{program} is not installed; the desktop may notice only after the next login")
    else:
        subprocess.run([found, folder], check=False, capture_output=True)  # noqa: S603 - ours


VERB = _desktop
