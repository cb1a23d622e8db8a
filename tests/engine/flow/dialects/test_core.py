from datetime import timedelta
from textwrap import dedent

import pytest

from agentflow.templates import fill

LISTED = 'mode = "sequential"\nsequential_agents = ["a"]\n'


def told(file, code="not-translated"):
    problems = (*file.problems, *file.translated)
    return {it.where: it.message for it in problems if it.code == code}


def test_a_core_file_becomes_a_native_one_that_keeps_its_comments(hear, native_text):
    file = hear("""
        # The pipeline of the desk.
        [agent_flow]
        name = "desk"

        [llm]
        provider = "openai"
        temperature = 0.2
        max_tokens = 100
        timeout_seconds = 20  # kept

        [orchestration]
        mode = "sequential"  # in turn
        timeout_seconds = 90
        sequential_agents = ["reader", "writer"]

        [agents.reader]
        enabled = true
        auto_llm = true
        timeout_seconds = 5

        [agents.writer]
        enabled = true
        auto_llm = true
        timeout_seconds = 6

        [mcp]
        enabled = true
        """)

    assert file.dialect.name == "core"
    assert native_text(file) == dedent("""\
        # The pipeline of the desk.
        [agent_flow]
        name = "desk"

        [llm]
        provider = "openai"
        temperature = 0.2
        max_tokens = 100
        timeout_seconds = 20  # kept

        [orchestration]
        mode = "sequential"  # in turn
        timeout = "90s"

        [orchestration.sequential]
        agents = ["reader", "writer"]

        [agents.reader]
        enabled = true
        auto_llm = true
        timeout = "5s"

        [agents.writer]
        enabled = true
        auto_llm = true
        timeout = "6s"

        [mcp]
        enabled = true
        """)
    assert told(file) == {}
    assert told(file, "translated")["orchestration.sequential_agents"] == (
        "is orchestration.sequential.agents here"
    )
    assert [it.line for it in file.translated if it.where == "agents.writer.timeout_seconds"] == [
        24
    ]


def test_an_agent_is_not_enabled_unless_the_file_says_so(hear):
    file = hear(f"[orchestration]\n{LISTED}[agents.a]\nrole = 'x'\n[agents.b]\nenabled = true\n")

    assert {name: it.enabled for name, it in file.flow.agents.items()} == {"a": False, "b": True}
    assert list(told(file)) == ["agents.a"]


def test_defaults_that_differ_are_written_out(hear):
    file = hear(f"""
        [agent_flow]
        provider = "azure"
        [llm]
        temperature = 0
        top_p = 0.0
        [orchestration]
        {LISTED}
        [agents.a]
        enabled = true
        """)

    llm = file.flow.llm
    assert (llm.provider, llm.temperature, llm.max_tokens, llm.top_p) == ("azure", 0.7, 800, None)
    assert file.flow.agents["a"].timeout == timedelta(seconds=30)
    assert set(told(file, "translated")) >= {
        "agent_flow.provider",
        "llm.temperature",
        "llm.max_tokens",
        "llm.top_p",
        "agents.a.timeout_seconds",
        "agents.a.auto_llm",
    }


def test_known_keys_are_read_in_capitals_too(hear):
    file = hear(
        '[Orchestration]\nMode = "sequential"\nSequential_Agents = ["a"]\n'
        "[Agents.a]\nENABLED = true\nTimeout_Seconds = 7\n"
    )

    assert file.flow.mode == "sequential"
    assert file.flow.agents["a"].timeout == timedelta(seconds=7)
    assert file.line_of("agents.a.timeout") == 6


@pytest.mark.parametrize(
    "prompt", ["say {{ name }}", "{% if x %}", "{# no #}", "{% endraw %}{{ x }}", "{%{%%}\\n"]
)
def test_a_prompt_that_looks_like_a_template_is_taken_as_it_is_written(hear, prompt):
    file = hear(
        f'[orchestration]\n{LISTED}[agents.a]\nenabled = true\nsystem_prompt = "{prompt}"\n'
    )

    written = file.flow.agents["a"].system_prompt
    assert fill(written, {}, "x") == prompt.replace("\\n", "\n")


def test_a_loop_asks_after_each_pass_as_there(hear):
    file = hear('[orchestration]\nmode = "loop"\nloop_agent = "a"\nmax_iterations = 0\n')

    (loop,) = file.flow.root.steps
    assert (loop.settings.check, loop.settings.max_iterations) == ("after", 5)


def test_every_agent_works_together_where_nobody_is_listed(hear):
    file = hear(
        '[orchestration]\nmode = "collaborative"\ntimeout_seconds = 3\n'
        "[agents.a]\nenabled = true\n[agents.b]\nenabled = true\n"
    )

    (together,) = file.flow.root.steps
    assert [chain.steps[0].name for chain in together.chains] == ["a", "b"]


def test_an_enabled_agent_that_is_not_listed_is_told_because_it_would_work_there(hear):
    file = hear(
        '[orchestration]\nmode = "collaborative"\ncollaborative_agents = ["a"]\n'
        "[agents.a]\nenabled = true\n[agents.b]\nenabled = true\n"
    )

    assert "leaves out 'b'" in told(file)["orchestration.collaborative_agents"]


def test_the_first_phase_of_mixed_goes_on_as_long_as_one_succeeds(hear):
    file = hear(
        '[orchestration]\nmode = "mixed"\ncollaborative_agents = ["a", "b"]\n'
        'sequential_agents = ["c"]\n'
    )

    assert [step.mode for step in file.flow.root.steps] == ["collaborative", "sequential"]
    assert 2 / 2 > file.flow.settings.failure_threshold > 1 / 2


@pytest.mark.parametrize("mode", ["", 'mode = "custom"\n'])
def test_a_mode_that_there_is_not_is_the_one_whose_members_are_listed(hear, mode):
    file = hear(f'[orchestration]\n{mode}loop_agent = "a"\n')

    assert file.flow.mode == "loop"
    assert "'loop' is taken" in told(file)["orchestration.mode"]


@pytest.mark.parametrize(
    "text",
    [
        '[orchestration]\nmode = "sequential"\ntimeout = "3s"\nsequential_agents = ["a"]\n',
        '[orchestration]\nmode = "loop"\nmax_iterations = 3\n[orchestration.loop]\nagent = "a"\n',
        '[orchestration]\nmode = "sequential"\nsequential_agents = ["a"]\n[editor]\nnodes = {}\n',
        '[orchestration]\nmode = "mixed"\n',
        "[agents.a]\ntimeout_seconds = 3\n",
        "",
    ],
)
def test_what_says_anything_native_is_native(hear, text):
    assert hear(text).dialect is None


@pytest.mark.parametrize("wrong", ['"30"', "[]", "{ a = 1 }", "true"])
def test_a_timeout_of_another_kind_is_a_problem_and_no_crash(hear, wrong):
    file = hear(f"[orchestration]\n{LISTED}timeout_seconds = {wrong}\n")

    assert any(it.severity == "error" for it in file.problems)
