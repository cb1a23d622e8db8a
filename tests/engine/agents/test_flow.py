"""Flow agents: other flows as steps, and the circles that are found before anything runs."""

from pathlib import Path

import pytest

from agentflow.agents.base import AgentSetup
from agentflow.errors import SetupError
from agentflow.event import Event
from agentflow.flow.check import check_file
from agentflow.flow.load import load
from agentflow.runner import Runner, RunOutcome
from agentflow.trace import StepOutput
from engine.agents.agent_alone import built
from engine.checked import CATALOGUE, found
from engine.fakes import NoModels, setup

HEAD = '[orchestration]\nmode = "sequential"\n[orchestration.sequential]\nagents = ["{}"]\n'


def flow(folder: Path, name: str, agent: str, **fields: str) -> Path:
    """A flow of one agent; the fields are TOML."""
    lines = "\n".join(f"{key} = {value}" for key, value in fields.items())
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{HEAD.format(agent)}[agents.{agent}]\n{lines}\n", encoding="utf-8")
    return file


def runs(folder: Path, name: str, inner: str, **fields: str) -> Path:
    """A flow that runs another one."""
    agent = f"run-{Path(name).stem}"
    return flow(folder, name, agent, type='"flow"', file=f'"{inner}"', **fields)


def says(folder: Path, name: str, text: str) -> Path:
    """A flow whose stand-in answers with a template."""
    return flow(folder, name, "say", type='"scripted"', output=f"{{ response = '{text}', n = 1 }}")


async def outcome(file: Path, given: AgentSetup | None = None, **data: object) -> RunOutcome:
    made = given or setup(folder=file.parent)
    runner = Runner.from_flow(load(file, CATALOGUE).flow, catalogue=CATALOGUE, setup=made)
    return await runner.run(Event(data=data))


def faults(file: Path) -> list[str]:
    problems = check_file(load(file, CATALOGUE), CATALOGUE)
    return [it.message for it in problems if it.code == "inner-flow"]


async def test_what_the_other_flow_changes_is_merged_into_the_state(tmp_path: Path):
    says(tmp_path, "inner.toml", "<{{ a }}>")
    result = await outcome(runs(tmp_path, "outer.toml", "inner.toml"), a="x")

    assert result.error == ""
    assert result.state == {"a": "x", "response": "<x>", "n": 1}


async def test_it_may_get_a_part_of_the_state_and_give_only_its_answer(tmp_path: Path):
    says(tmp_path, "inner.toml", "{{ b }}")
    outer = runs(
        tmp_path, "outer.toml", "inner.toml", input='{ b = "{{ a * 2 }}" }', output_key='"out"'
    )

    assert (await outcome(outer, a=4)).state == {"a": 4, "out": 8}


async def test_its_steps_are_told_in_the_trace_of_the_step(tmp_path: Path):
    says(tmp_path, "inner.toml", "x")
    result = await outcome(runs(tmp_path, "outer.toml", "inner.toml"))

    told = [it for it in result.entries if isinstance(it, StepOutput)]
    assert [(it.path, it.delta) for it in told] == [
        ("sequential/run-outer", "sequential/say done\n"),
        ("sequential/run-outer", "sequential done\n"),
    ]


async def test_its_failure_is_the_steps_failure(tmp_path: Path):
    flow(tmp_path, "inner.toml", "bad", type='"scripted"', fail_on="[1]", error='"no luck"')
    result = await outcome(runs(tmp_path, "outer.toml", "inner.toml"))

    assert result.status == "failed"
    assert "the flow 'inner.toml' failed" in result.error
    assert "no luck" in result.error


async def test_files_are_those_of_the_folder_of_the_flow_that_names_them(tmp_path: Path):
    says(tmp_path, "parts/deep/last.toml", "deep")
    runs(tmp_path, "parts/middle.toml", "deep/last.toml")
    outer = runs(tmp_path, "outer.toml", "parts/middle.toml")

    assert faults(outer) == []
    assert (await outcome(outer)).state.answer == "deep"


async def test_the_models_stay_open_for_the_flow_around_it(tmp_path: Path):
    says(tmp_path, "inner.toml", "x")
    models = NoModels()
    outer = runs(tmp_path, "outer.toml", "inner.toml")
    runner = Runner.from_flow(
        load(outer, CATALOGUE).flow, setup=AgentSetup(models=models, folder=tmp_path)
    )
    async with runner:
        await runner.run(Event())
        assert not models.is_closed
    assert models.is_closed


async def test_what_may_not_be_executed_may_not_be_by_an_inner_flow(tmp_path: Path):
    flow(tmp_path, "inner.toml", "p", type='"python"', call='"agents:f"')
    outer = runs(tmp_path, "outer.toml", "inner.toml")

    result = await outcome(outer, setup(folder=tmp_path, may_execute=False))

    assert "would call agents:f" in result.error


def test_a_flow_that_would_run_itself_is_a_problem(tmp_path: Path):
    runs(tmp_path, "b.toml", "c.toml")
    runs(tmp_path, "c.toml", "a.toml")
    outer = runs(tmp_path, "a.toml", "b.toml")

    assert faults(outer) == ["it would run itself (a.toml → b.toml → c.toml → a.toml)"]


async def test_a_circle_that_nobody_checked_ends(tmp_path: Path):
    outer = runs(tmp_path, "a.toml", "a.toml")

    assert "more than 10 deep" in (await outcome(outer)).error


@pytest.mark.parametrize("name", ["../other.toml", "no-such.toml", "link.toml", "."])
def test_a_file_that_is_elsewhere_or_is_none_is_a_problem(tmp_path: Path, name: str):
    folder = tmp_path / "mine"
    says(tmp_path, "other.toml", "x")
    outer = runs(folder, "outer.toml", name)
    (folder / "link.toml").symlink_to(tmp_path / "other.toml")

    assert len(faults(outer)) == 1


def test_flows_that_are_shared_many_times_over_are_read_once(tmp_path: Path):
    says(tmp_path, "level9.toml", "x")
    for level in range(9):
        agents = [f"a{n}" for n in range(6)]
        told = "".join(
            f'[agents.{it}]\ntype = "flow"\nfile = "level{level + 1}.toml"\n' for it in agents
        )
        head = HEAD.format('", "'.join(agents))
        (tmp_path / f"level{level}.toml").write_text(head + told, encoding="utf-8")

    assert faults(tmp_path / "level0.toml") == []


def test_a_flow_that_is_in_no_file_can_run_no_other():
    with pytest.raises(SetupError, match="save it first"):
        built("flow", file="a.toml")


def test_a_file_has_to_be_named():
    assert found("no-flow", HEAD.format("a") + '[agents.a]\ntype = "flow"\n')
