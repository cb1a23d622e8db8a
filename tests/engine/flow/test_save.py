import os
import stat
from contextlib import nullcontext

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentflow.catalogue import Catalogue
from agentflow.errors import SaveError
from agentflow.flow.flow import AgentSpec, AgentUse, Chain, Flow, Orchestrator
from agentflow.flow.load import load, parse
from agentflow.flow.save import render, save
from engine.flows import flows, layouts

CATALOGUE = Catalogue.installed()

FLOW = Flow(name="one", root=Chain(steps=(AgentUse(agent="a"),)))


def renamed(file, name="another"):
    return file.flow.model_copy(update={"name": name})


@given(st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_a_flow_that_is_written_is_read_as_it_was(data):
    flow = data.draw(flows())
    layout = data.draw(layouts(flow))

    text = render(None, flow, layout, CATALOGUE).text

    file = parse(text, CATALOGUE)
    assert file.flow == flow
    assert file.layout == layout
    assert [it for it in file.problems if it.severity != "info"] == []
    assert render(file, flow, layout, CATALOGUE).text == text


@given(flows(), st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_any_flow_can_be_written_over_any_other(before, data):
    after = data.draw(flows())
    file = parse(render(None, before, {}, CATALOGUE).text, CATALOGUE)

    rendered = render(file, after, {}, CATALOGUE)

    assert not rendered.rewritten
    assert parse(rendered.text, CATALOGUE).flow == after


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_an_unchanged_flow_changes_no_byte(wild_file, catalogue, tmp_path, newline, mark):
    path = tmp_path / "agentflow.toml"
    raw = mark + wild_file.read_bytes().replace(b"\n", newline.encode())
    path.write_bytes(raw)
    file = load(path, catalogue)

    # What is written in another dialect is nobody's to replace without being asked.
    refused = pytest.raises(SaveError, match="exists") if file.dialect else nullcontext()
    with refused:
        save(path, file, file.flow, file.layout, catalogue)

    assert path.read_bytes() == raw


def test_the_tutorials_file_is_saved_to_the_byte(seed, catalogue, tmp_path):
    file = load(seed, catalogue)

    save(tmp_path / "copy.toml", file, file.flow, file.layout, catalogue)

    assert (tmp_path / "copy.toml").read_bytes() == seed.read_bytes()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_edited_file_keeps_its_line_ends_and_its_mark(catalogue, tmp_path, newline):
    path = tmp_path / "agentflow.toml"
    lines = [
        "# top",
        "[agent_flow]",
        "name = 'x'  # its name",
        "",
        "[orchestration]",
        "mode='mixed'",
    ]
    path.write_bytes(b"\xef\xbb\xbf" + newline.join(lines).encode())
    file = load(path, catalogue)
    root = Chain(steps=(AgentUse(agent="a"),))

    save(path, file, renamed(file).model_copy(update={"root": root}), {"a": (1, 2)}, catalogue)

    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf# top" + newline.encode())
    assert raw.count(b"\r") == (raw.count(b"\n") if newline == "\r\n" else 0)
    assert b"# its name" in raw


def test_a_new_file_is_one_that_a_person_would_like_to_read(catalogue):
    loop = catalogue.modes["loop"]
    scripted = catalogue.agent_types["scripted"]
    flow = Flow(
        name="draft",
        agents={
            name: AgentSpec(name=name, type="scripted", settings=scripted.settings())
            for name in ("writer", "critic")
        },
        root=Chain(
            steps=(
                AgentUse(agent="writer"),
                Orchestrator(
                    name="refine",
                    mode="loop",
                    settings=loop.settings(condition="score >= 0.9", max_iterations=3),
                    chains=(Chain(steps=(AgentUse(agent="critic"),)),),
                ),
            )
        ),
    )

    assert render(None, flow, {"writer": (0, 0), "refine": (240, 0)}, catalogue).text == (
        '[agent_flow]\nname = "draft"\n'
        "\n# What runs in which order; mode says how.\n"
        '[orchestration]\nmode = "mixed"\n'
        '\n[[orchestration.mixed.stages]]\nname = "writer"\nagent = "writer"\n'
        '\n[[orchestration.mixed.stages]]\nname = "refine"\nmode = "loop"\n'
        'condition = "score >= 0.9"\nmax_iterations = 3\nagent = "critic"\n'
        "\n# What each agent is, wherever it is used.\n"
        '[agents.writer]\ntype = "scripted"\n'
        '\n[agents.critic]\ntype = "scripted"\n'
        "\n# Where the editor draws each step. A run does not read this.\n"
        '[editor.nodes]\nrefine = [240, 0]\nwriter = [0, 0]\n'
    )  # fmt: skip


def test_a_flow_that_no_file_can_say_is_refused(catalogue):
    twice = Orchestrator(name="same", mode="sequential", chains=(Chain(),))

    with pytest.raises(SaveError, match="no file can say"):
        render(None, Flow(root=Chain(steps=(twice, twice))), {}, catalogue)


def test_a_file_that_changed_on_disk_is_not_overwritten(catalogue, tmp_path):
    path = tmp_path / "agentflow.toml"
    path.write_text("[agent_flow]\nname = 'x'\n")
    file = load(path, catalogue)
    path.write_text("[agent_flow]\nname = 'theirs'\n")

    with pytest.raises(SaveError, match="changed by somebody else"):
        save(path, file, renamed(file), {}, catalogue)

    assert load(path, catalogue).flow.name == "theirs"
    save(path, file, renamed(file), {}, catalogue, overwrite=True)
    assert load(path, catalogue).flow.name == "another"


def test_a_new_flow_overwrites_no_file_unasked(catalogue, tmp_path):
    path = tmp_path / "agentflow.toml"
    path.write_text("theirs")

    with pytest.raises(SaveError, match="exists"):
        save(path, None, FLOW, {}, catalogue)

    assert path.read_text() == "theirs"


def test_what_is_saved_can_be_saved_again(catalogue, tmp_path):
    path = tmp_path / "agentflow.toml"
    first = save(path, None, FLOW, {"a": (1, 2)}, catalogue)

    second = save(path, first, renamed(first), first.layout, catalogue)

    assert second.flow.name == "another"
    assert (second.source, second.rewritten) == (path, False)
    assert load(path, catalogue).digest == second.digest


def test_a_link_is_followed_and_the_mode_kept(catalogue, tmp_path):
    real = tmp_path / "real.toml"
    real.write_text("[agent_flow]\nname = 'x'\n")
    real.chmod(0o640)
    link = tmp_path / "agentflow.toml"
    link.symlink_to(real)
    file = load(link, catalogue)

    save(link, file, renamed(file), {}, catalogue)

    assert link.is_symlink()
    assert "another" in real.read_text()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(catalogue, tmp_path, monkeypatch):
    path = tmp_path / "agentflow.toml"
    path.write_text("[agent_flow]\nname = 'x'\n")
    file = load(path, catalogue)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SaveError, match="No space left on device"):
        save(path, file, renamed(file), {}, catalogue)

    assert [it.name for it in tmp_path.iterdir()] == ["agentflow.toml"]
    assert path.read_text() == "[agent_flow]\nname = 'x'\n"


def test_a_folder_that_is_not_there_is_a_save_error(catalogue, tmp_path):
    with pytest.raises(SaveError, match="cannot be written"):
        save(tmp_path / "no" / "agentflow.toml", None, FLOW, {}, catalogue)


def test_half_a_character_is_a_save_error_and_no_crash(catalogue, tmp_path):
    path = tmp_path / "agentflow.toml"

    with pytest.raises(SaveError):
        save(path, None, Flow(name="\ud800", root=FLOW.root), {}, catalogue)

    assert list(tmp_path.iterdir()) == []
