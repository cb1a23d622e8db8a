from pathlib import Path

CORE = """\
# mine
[orchestration]
mode = "sequential"
timeout_seconds = 5
sequential_agents = ["greet"]
[agents.greet]
enabled = true
type = "scripted"
output = { response = "hello" }
"""


def test_a_core_file_is_imported_as_a_native_one_and_stays_as_it_is(cli, tmp_path: Path):
    file, made = tmp_path / "core.toml", tmp_path / "agentflow.toml"
    file.write_text(CORE, encoding="utf-8")

    code, out, err = cli("import", file, "-o", made)

    assert (code, out) == (0, "")
    assert "is written in AgenticGoKit's core dialect" in err
    assert f"{file}:5:1: info: orchestration.sequential_agents: is orchestration.sequential" in err
    assert "# mine\n[orchestration]\n" in made.read_text("utf-8")
    assert file.read_text("utf-8") == CORE
    assert cli("validate", made)[0] == 0


def test_importing_replaces_nothing_unasked(cli, tmp_path: Path):
    file = tmp_path / "agentflow.toml"
    file.write_text(CORE, encoding="utf-8")

    code, _, err = cli("import", file, "-o", file)
    assert code == 2
    assert "it exists; name another file, or give --force" in err
    assert file.read_text("utf-8") == CORE

    assert cli("import", file, "-o", file, "--force")[0] == 0
    assert 'timeout = "5s"' in file.read_text("utf-8")


def test_a_file_of_another_dialect_runs_as_it_is(cli, tmp_path: Path):
    file = tmp_path / "core.toml"
    file.write_text(CORE, encoding="utf-8")

    code, out, _ = cli("run", file)
    _, problems, _ = cli("validate", file)

    assert (code, out.strip()) == (0, "hello")
    assert f"{file}:1: info: the file is written in AgenticGoKit's core dialect" in problems


def test_a_native_file_is_imported_to_the_byte(cli, tmp_path: Path):
    file = tmp_path / "agentflow.toml"
    file.write_text('[orchestration]\nmode = "sequential"\n# nothing yet\n', encoding="utf-8")

    code, out, err = cli("import", file)

    assert (code, out) == (0, file.read_text("utf-8"))
    assert "is written in the native dialect" in err


def test_what_a_format_cannot_say_is_told_beside_the_text(cli, tmp_path: Path):
    file = tmp_path / "agentflow.toml"
    file.write_text(
        '[orchestration]\nmode = "loop"\n[orchestration.loop]\nagent = "a"\n'
        'condition = "score > 1"\n[agents.a]\nsystem_prompt = "Write."\n',
        encoding="utf-8",
    )

    code, out, err = cli("export", file, "--format", "core")

    assert code == 0
    assert 'loop_agent = "a"' in out
    assert "not said in core: orchestrators.loop.condition: 'score > 1' has no place" in err


def test_the_formats_are_listed(cli):
    code, out, _ = cli("export", "--list")

    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["core", "mermaid", "v1beta"]
