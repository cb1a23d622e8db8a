"""What the editor remembers between starts."""

import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from agentflow_editor.settings.store import EditorSettings


def test_the_flow_opened_last_stands_first_and_once(tmp_path):
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    for file in (one, two):
        file.touch()
    settings = EditorSettings(tmp_path / "config")

    for file in (one, two, one):
        settings.remember(file)

    assert settings.recent == (one, two)


def test_a_flow_that_is_gone_stays_listed_until_it_is_forgotten(tmp_path):
    file = tmp_path / "flow.toml"
    file.touch()
    settings = EditorSettings(tmp_path / "config")
    settings.remember(file)

    file.unlink()
    assert settings.recent == (file,)
    settings.forget(file)

    assert settings.recent == ()


def test_how_a_flow_was_looked_at_is_kept_for_each_flow(tmp_path):
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    settings = EditorSettings(tmp_path / "config")
    settings.remember_camera(one, (12.5, -3.0, 0.75))
    again = EditorSettings(tmp_path / "config")

    assert again.camera(one) == (12.5, -3.0, 0.75)
    assert again.camera(two) is None


@pytest.mark.parametrize("said", ["", "[]", "[1.0, 2.0, 0.0]", '["a", 1.0, 1.0]', "{"])
def test_a_camera_that_nobody_could_look_through_is_none(tmp_path, said):
    settings = EditorSettings(tmp_path / "config")
    settings._store.setValue(f"cameras/{str(tmp_path / 'one.toml').replace('/', '|')}", said)

    assert settings.camera(tmp_path / "one.toml") is None


def test_the_session_is_the_files_that_are_still_there(tmp_path):
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    one.touch()
    settings = EditorSettings(tmp_path / "config")
    settings.remember_session([one, two])

    assert settings.session == (one,)


def test_what_is_remembered_outlives_the_editor(tmp_path):
    flow = tmp_path / "a flow.toml"
    before = EditorSettings(tmp_path / "config")
    before.remember_preferences({"theme": "light"})
    before.remember_input(flow, {"text": "tides & moons", "data": "", "metadata": "route = a"})
    before.sync()

    after = EditorSettings(tmp_path / "config")

    assert after.preferences == {"theme": "light"}
    assert after.last_input(flow) == {"text": "tides & moons", "data": "", "metadata": "route = a"}
    assert after.last_input(tmp_path / "other.toml") == {}


def test_a_damaged_memory_is_an_empty_one(tmp_path):
    folder = tmp_path / "config"
    folder.mkdir()
    for damaged in ("[not json", "7", "[7, null]"):
        (folder / "recent.json").write_text(damaged)
        assert EditorSettings(folder).recent == ()


def test_two_windows_settings_know_what_the_other_one_opened(tmp_path):
    files = [tmp_path / f"{name}.toml" for name in "abc"]
    for file in files:
        file.touch()
    one, two = (EditorSettings(tmp_path / "config") for _ in range(2))

    one.remember(files[0])
    two.remember(files[1])
    one.remember(files[2])

    assert one.recent == two.recent == (files[2], files[1], files[0])
    two.forget_recent()
    assert one.recent == ()


REMEMBERS = """
import sys
from pathlib import Path
from agentflow_editor.settings.store import EditorSettings
settings = EditorSettings(Path(sys.argv[1]))
sys.stdin.readline()
for name in sys.argv[2:]:
    settings.remember(Path(name))
"""


def test_processes_that_remember_at_the_same_time_lose_nothing(tmp_path):
    names = [[str(tmp_path / f"{who}{n}.toml") for n in range(3)] for who in "abcd"]
    for name in chain.from_iterable(names):
        Path(name).touch()
    command = [sys.executable, "-c", REMEMBERS, str(tmp_path / "config")]
    started = [
        subprocess.Popen([*command, *mine], stdin=subprocess.PIPE, text=True) for mine in names
    ]
    for process in started:
        process.communicate("go\n", timeout=60)

    found = [str(path) for path in EditorSettings(tmp_path / "config").recent]

    assert sorted(found) == sorted(chain.from_iterable(names))
    for mine in names:
        assert [it for it in found if it in mine] == mine[::-1]


def test_the_commands_chosen_last_stand_first_and_once_and_not_without_end(tmp_path):
    settings = EditorSettings(tmp_path / "config")
    for number in range(30):
        settings.remember_command(f"c{number}")
    settings.remember_command("c25")
    settings.sync()

    kept = EditorSettings(tmp_path / "config").commands
    assert kept[:3] == ("c25", "c29", "c28")
    assert len(kept) == len(set(kept)) == 20
