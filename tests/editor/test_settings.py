"""What the editor remembers between starts."""

from agentflow_editor.settings import EditorSettings


def test_the_flow_opened_last_stands_first_and_once(tmp_path):
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    for file in (one, two):
        file.touch()
    settings = EditorSettings(tmp_path / "config")

    for file in (one, two, one):
        settings.remember(file)

    assert settings.recent == (one, two)


def test_a_flow_that_is_gone_is_not_offered(tmp_path):
    file = tmp_path / "flow.toml"
    file.touch()
    settings = EditorSettings(tmp_path / "config")
    settings.remember(file)

    file.unlink()

    assert settings.recent == ()


def test_what_is_remembered_outlives_the_editor(tmp_path):
    flow = tmp_path / "a flow.toml"
    before = EditorSettings(tmp_path / "config")
    before.theme = "light"
    before.remember_input(flow, {"text": "tides & moons", "data": "", "metadata": "route = a"})
    before.sync()

    after = EditorSettings(tmp_path / "config")

    assert after.theme == "light"
    assert after.last_input(flow) == {"text": "tides & moons", "data": "", "metadata": "route = a"}
    assert after.last_input(tmp_path / "other.toml") == {}


def test_a_damaged_memory_is_an_empty_one(tmp_path):
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "editor.ini").write_text('[General]\nrecent="[not json"\n')

    assert EditorSettings(folder).recent == ()
