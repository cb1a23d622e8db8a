"""The desktop knows the editor after `agentflow desktop install`, and nothing is left after."""

import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from agentflow_resources.desktop_files import ICON_SIZES, desktop_files


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "data"


def _files(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*") if path.is_file())


def _tool(name: str) -> str:
    return shutil.which(name) or pytest.skip(f"needs {name}")


def test_it_names_every_file_that_it_writes_and_uninstalling_removes_each(home, cli, monkeypatch):
    monkeypatch.setenv("PATH", "")
    code, out, err = cli("desktop", "install")

    assert code == 0
    assert sorted(out.splitlines()) == _files(home)
    assert "update-mime-database is not installed" in err

    assert cli("desktop", "uninstall")[1] == out
    assert _files(home) == []
    assert cli("desktop", "uninstall")[0] == 0


def test_a_relative_data_folder_is_ignored_as_the_standard_says(home, cli, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", "data")

    _, out, _ = cli("desktop", "install")

    assert all(it.startswith(str(home.parent / "home/.local/share")) for it in out.splitlines())


def test_what_cannot_be_written_is_told(home, cli):
    home.write_text("in the way")

    code, _, err = cli("desktop", "install")

    assert code == 2
    assert str(home) in err


def test_the_entry_starts_this_very_program(home, cli):
    cli("desktop", "install")
    entry = (home / "applications/agentflow-studio.desktop").read_text()
    command = next(it for it in entry.splitlines() if it.startswith("Exec="))

    assert command == f'Exec="{sys.executable}" "-P" "-m" "agentflow" edit %F'


def test_the_entry_is_valid_even_where_the_program_has_an_odd_name(tmp_path):
    odd = ['/opt/a b/$HOME/`x`/50%/"q"/agent\\flow']
    content = next(it for place, it in desktop_files(odd).items() if place.suffix == ".desktop")
    file = tmp_path / "agentflow-studio.desktop"
    file.write_bytes(content)

    done = subprocess.run([_tool("desktop-file-validate"), file], capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (0, "")


def test_a_flows_file_is_of_its_own_kind_for_the_desktop(home, cli, tmp_path):
    gio, _ = _tool("gio"), _tool("update-mime-database")
    cli("desktop", "install")
    for name in ("agentflow.toml", "desk.agentflow.toml", "pyproject.toml"):
        (tmp_path / name).write_text("[orchestration]\n")

    def kind(name: str) -> str:
        command = [gio, "info", "-a", "standard::content-type", str(tmp_path / name)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert "application/x-agentflow+toml" in kind("agentflow.toml")
    assert "application/x-agentflow+toml" in kind("desk.agentflow.toml")
    assert "agentflow" not in kind("pyproject.toml").rpartition("content-type")[2]


def test_the_database_of_kinds_knows_the_file_names(home, cli):
    _tool("update-mime-database")
    cli("desktop", "install")

    globs = (home / "mime/globs2").read_text().splitlines()

    assert "80:application/x-agentflow+toml:agentflow.toml" in globs
    assert "80:application/x-agentflow+toml:*.agentflow.toml" in globs


def test_the_icon_is_there_in_every_size(home, cli):
    cli("desktop", "install")

    for size in ICON_SIZES:
        icon = home / f"icons/hicolor/{size}x{size}/apps/agentflow-studio.png"
        assert struct.unpack(">II", icon.read_bytes()[16:24]) == (size, size)


def test_the_catalogue_entry_is_valid(home, cli):
    tool = _tool("appstreamcli")
    cli("desktop", "install")
    file = home / "metainfo/agentflow-studio.metainfo.xml"

    done = subprocess.run([tool, "validate", "--no-net", file], capture_output=True, text=True)

    # No domain is the project's own, so its name there cannot be a domain's in reverse.
    faults = [it for it in done.stdout.splitlines() if it.startswith(("E:", "W:"))]
    assert [it for it in faults if "cid-desktopapp-is-not-rdns" not in it] == []
