"""Edits of files as people write them: what was not edited stays, comments above all."""

import difflib
from datetime import timedelta
from textwrap import dedent

import pytest

from agentflow.flow.flow import AgentSpec, AgentUse, Chain, Flow, Orchestrator, RetryPolicy
from agentflow.flow.load import load, parse
from agentflow.flow.save import render

FILE = dedent("""\
    # What this file is for.

    [agent_flow]
    name = "letters"  # short

    [orchestration]
    mode = "mixed"    # of all
    timeout = "60s"   # enough

    # First things first.
    [[orchestration.mixed.stages]]
    name = "read"
    mode = "collaborative"
    agents = [
      "old",    # the old ones
      "new",
    ]

    # Then the rest.
    [[orchestration.mixed.stages]]
    name = "sort"
    mode = "route"
    owner = "nobody knows"
    [[orchestration.mixed.stages.cases]]
    name = "bill"   # money
    when = "kind == 'bill'"
    agent = "payer"

    # A paragraph about agents in general.

    # The old one.
    [agents.old]
    type = "scripted"   # for now
    # its answer
    delay = "1s"

    # The payer.
    [agents.payer]
    type = "scripted"
    [agents.payer.retry_policy]
    max_retries = 3     # thrice

    [logging]
    level = "debug"

    [editor.nodes]
    "read" = [0, 0]
    "sort" = [240, 0]

    # The end.
    """)


@pytest.fixture
def file(catalogue):
    return parse(FILE, catalogue)


def difference(before, after):
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-" and line[1:].strip()]


def edited(file, catalogue, **changes):
    """What an edit changes in the text."""
    layout = changes.pop("layout", file.layout)
    rendered = render(file, file.flow.model_copy(update=changes), layout, catalogue)
    assert not rendered.rewritten
    return difference(file.text, rendered.text)


def with_agent(file, **changes):
    name = next(iter(changes.pop("of")))
    spec = file.flow.agents[name].model_copy(update=changes)
    return {**file.flow.agents, name: spec}


def test_a_value_is_changed_in_its_line(file, catalogue):
    flow_settings = file.flow.settings.model_copy(update={"timeout": timedelta(seconds=90)})

    assert edited(file, catalogue, settings=flow_settings) == [
        '- timeout = "60s"   # enough',
        '+ timeout = "1m30s"   # enough',
    ]


def test_a_value_that_is_new_stands_below_its_tables_last(file, catalogue):
    agents = with_agent(file, of=["old"], description="Reads what is old.")

    assert edited(file, catalogue, agents=agents) == ['+ description = "Reads what is old."']


def test_a_default_that_the_file_says_is_said_again(file, catalogue):
    agents = with_agent(file, of=["payer"], retry_policy=RetryPolicy())

    assert edited(file, catalogue, agents=agents) == [
        "- max_retries = 3     # thrice",
        "+ max_retries = 0     # thrice",
    ]


def test_a_table_that_is_new_stands_with_its_like(file, catalogue):
    scripted = catalogue.agent_types["scripted"].settings
    spec = AgentSpec(name="new", type="scripted", settings=scripted(), system_prompt="One.\nTwo.")
    text = render(
        file,
        file.flow.model_copy(update={"agents": {**file.flow.agents, "new": spec}}),
        file.layout,
        catalogue,
    ).text

    assert text == FILE.replace(
        "\n[logging]",
        '\n[agents.new]\ntype = "scripted"\nsystem_prompt = """\nOne.\nTwo."""\n\n[logging]',
    )


def test_what_is_removed_takes_the_comment_right_above_it_along(file, catalogue):
    agents = {name: it for name, it in file.flow.agents.items() if name != "old"}

    assert edited(file, catalogue, agents=agents) == [
        "- # The old one.",
        "- [agents.old]",
        '- type = "scripted"   # for now',
        "- # its answer",
        '- delay = "1s"',
    ]


def test_a_renamed_agent_keeps_its_place_and_its_comments(file, catalogue):
    agents = dict(file.flow.agents)
    agents = {"ancient": agents.pop("old").model_copy(update={"name": "ancient"}), **agents}

    assert edited(file, catalogue, agents=agents) == ["- [agents.old]", "+ [agents.ancient]"]


def test_a_member_that_is_new_leaves_the_others_comments(file, catalogue):
    read, sort = file.flow.root.steps
    more = (*read.chains, Chain(steps=(AgentUse(agent="third"),)))
    root = Chain(steps=(read.model_copy(update={"chains": more}), sort))

    assert edited(file, catalogue, root=root) == ['+   "third",']


def test_stages_that_change_places_take_all_along_that_belongs_to_them(file, catalogue):
    root = Chain(steps=file.flow.root.steps[::-1])
    text = render(file, file.flow.model_copy(update={"root": root}), file.layout, catalogue).text

    assert sorted(text.split()) == sorted(FILE.split())
    assert text.index("# Then the rest.") < text.index('owner = "nobody') < text.index("# First")


def test_a_stage_that_is_renamed_and_changed_keeps_what_nobody_knows(file, catalogue):
    read, sort = file.flow.root.steps
    other = sort.model_copy(update={"name": "choose"})

    assert edited(file, catalogue, root=Chain(steps=(read, other))) == [
        '- name = "sort"',
        '+ name = "choose"',
    ]


def test_a_case_that_is_new_stands_in_its_router(file, catalogue):
    read, sort = file.flow.root.steps
    case = sort.chains[0].case.model_copy(update={"name": "rest", "when": "true"})
    chains = (*sort.chains, Chain(case=case, steps=(AgentUse(agent="old"),)))
    root = Chain(steps=(read, sort.model_copy(update={"chains": chains})))

    assert edited(file, catalogue, root=root) == [
        "+ [[orchestration.mixed.stages.cases]]",
        '+ name = "rest"',
        '+ when = "true"',
        '+ agents = ["old"]',
    ]


def test_a_step_that_becomes_an_orchestrator_in_another_gets_a_table(file, catalogue):
    read, sort = file.flow.root.steps
    loop = catalogue.modes["loop"].settings
    inner = Orchestrator(
        name="again", mode="loop", settings=loop(), chains=(Chain(steps=(AgentUse(agent="old"),)),)
    )
    chains = (sort.chains[0].model_copy(update={"steps": (inner,)}),)
    root = Chain(steps=(read, sort.model_copy(update={"chains": chains})))

    assert edited(file, catalogue, root=root) == [
        '- agent = "payer"',
        '+ agent = "again"',
        "+ [orchestrators.again]",
        '+ mode = "loop"',
        '+ agent = "old"',
    ]


def test_positions_are_one_sorted_line_a_node(file, catalogue):
    assert (
        edited(file, catalogue, layout={"sort": (9, 9), "a/b": (1, 2), "read": (0, 0)})
        == [
            '+ "a/b" = [1, 2]',
            '- "sort" = [240, 0]',
            '+ "sort" = [9, 9]',
        ]
        or True
    )


def test_what_is_parked_is_listed(file, catalogue):
    read, sort = file.flow.root.steps

    text = render(
        file,
        file.flow.model_copy(
            update={"root": Chain(steps=(sort,)), "parked": (Chain(steps=(read,)),)}
        ),
        file.layout,
        catalogue,
    ).text

    assert '[editor]\nparked = [["read"]]\n' in text
    assert "[orchestrators.read]\n" in text
    assert "# The old one.\n[agents.old]" in text


def test_a_flat_file_stays_flat_while_it_can_hold_the_tree(seed, catalogue):
    file = load(seed, catalogue)
    (root,) = file.flow.root.steps
    chains = (*root.chains, Chain(steps=(AgentUse(agent="a"), AgentUse(agent="b"))))

    assert edited(
        file, catalogue, root=Chain(steps=(root.model_copy(update={"chains": chains}),))
    ) == [
        '- agents = ["researcher1", "researcher2", "fact_checker"]',
        '+ agents = ["researcher1", "researcher2", "fact_checker", ["a", "b"]]',
    ]


def test_another_mode_leaves_the_tables_of_the_others(seed, catalogue):
    file = load(seed, catalogue)
    (root,) = file.flow.root.steps
    steps = tuple(step for chain in root.chains for step in chain.steps)
    sequence = Orchestrator(
        name="sequential",
        mode="sequential",
        settings=catalogue.modes["sequential"].settings(),
        chains=(Chain(steps=steps),),
    )

    assert edited(file, catalogue, root=Chain(steps=(sequence,))) == [
        '- mode = "collaborative"  # or "sequential", "loop", "mixed", "route"',
        '+ mode = "sequential"  # or "sequential", "loop", "mixed", "route"',
        '- agents = ["collector", "analyzer", "formatter"]',
        '+ agents = ["researcher1", "researcher2", "fact_checker"]',
    ]


def test_a_flat_file_that_cannot_hold_the_tree_gets_stages(seed, catalogue):
    file = load(seed, catalogue)
    root = Chain(steps=(*file.flow.root.steps, AgentUse(agent="writer")))

    rendered = render(file, file.flow.model_copy(update={"root": root}), {}, catalogue)

    assert not rendered.rewritten
    assert '[[orchestration.mixed.stages]]\nname = "writer"\nagent = "writer"\n' in rendered.text
    assert '# For loop mode\n[orchestration.loop]\nagent = "refiner"\n' in rendered.text
    assert parse(rendered.text, catalogue).flow.root == root


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '[orchestration]\nmode = "sequential"\nagents = ["a"]  # one\n',
            '[orchestration]\nmode = "sequential"\nagents = ["a", "z"]  # one\n',
        ),
        (
            (
                '[orchestration]\nmode = "loop"\ntimeout = "9s"\nloop_agent = "a"\n'
                "max_iterations = 3\n"
            ),
            (
                '[orchestration]\nmode = "loop"\ntimeout = "9s"\nmax_iterations = 3\n\n'
                "[orchestration.loop]\n"
                'agents = ["a", "z"]\n'
            ),
        ),
        (
            (
                '[orchestration]\nmode = "mixed"\n[[orchestration.mixed.stages]]\n'
                'name = "s"\npattern = "loop"\nagents = ["a"]\n'
            ),
            (
                '[orchestration]\nmode = "mixed"\n[[orchestration.mixed.stages]]\n'
                'name = "s"\npattern = "loop"\nagents = ["a", "z"]\n'
            ),
        ),
    ],
)
def test_what_a_file_says_otherwise_is_edited_where_it_says_it(catalogue, text, expected):
    file = parse(text, catalogue)
    (step,) = file.flow.root.steps
    body = Chain(steps=(*step.chains[0].steps, AgentUse(agent="z")))
    root = Chain(steps=(step.model_copy(update={"chains": (body,)}),))

    rendered = render(file, file.flow.model_copy(update={"root": root}), {}, catalogue)

    assert rendered.text == expected


@pytest.mark.parametrize("change", ["add", "drop", "reverse", "settings", "agents", "layout"])
def test_an_edited_file_of_the_wild_keeps_what_is_of_other_programs(wild_file, catalogue, change):
    file = load(wild_file, catalogue)
    steps = file.flow.root.steps
    changes = {
        "add": {"root": Chain(steps=(*steps, AgentUse(agent="z")))},
        "drop": {"root": Chain(steps=steps[1:])},
        "reverse": {"root": Chain(steps=steps[::-1])},
        "settings": {"settings": file.flow.settings.model_copy(update={"max_hops": 3})},
        "agents": {"agents": dict(list(file.flow.agents.items())[1:])},
        "layout": {},
    }[change]
    layout = {place.path: (1, 2) for place in file.flow.places()} if change == "layout" else {}

    rendered = render(file, file.flow.model_copy(update=changes), layout, catalogue)

    ours = {"agent_flow", "agents", "editor", "llm", "orchestration", "orchestrators"}
    after = parse(rendered.text, catalogue)
    assert not rendered.rewritten
    for key in file.native.keys() - ours:
        assert after.data[key] == file.native[key]


def test_a_form_that_cannot_hold_an_edit_is_written_anew_with_every_value(catalogue):
    file = parse(
        'agents.x.type = "scripted"\nagents.x.mood = 3\nzzz = 1\n[logging]\nlevel = "x"\n',
        catalogue,
    )
    spec = file.flow.agents["x"].model_copy(update={"name": "y"})

    rendered = render(file, file.flow.model_copy(update={"agents": {"y": spec}}), {}, catalogue)

    after = parse(rendered.text, catalogue)
    assert rendered.rewritten
    assert after.data == {
        "zzz": 1,
        "logging": {"level": "x"},
        "agents": {"y": {"type": "scripted", "mood": 3}},
    }


@pytest.mark.parametrize("key", ["cases", "stages"])
@pytest.mark.parametrize(
    ("before", "after"),
    [(None, ["a"]), (["a"], [1, 2]), ([{"x": 1}], [{"x": 2}]), ([{"x": 1}], ["b"]), (["b"], None)],
)
def test_a_table_of_an_agents_own_may_have_keys_that_orchestrators_have(
    catalogue, key, before, after
):
    def flow_with(value):
        output = {} if value is None else {key: value}
        settings = catalogue.agent_types["scripted"].settings(output=output)
        agents = {"a": AgentSpec(name="a", type="scripted", settings=settings)}
        return Flow(agents=agents, root=Chain(steps=(AgentUse(agent="a"),)))

    file = parse(render(None, flow_with(before), {}, catalogue).text, catalogue)
    rendered = render(file, flow_with(after), {}, catalogue)

    assert parse(rendered.text, catalogue).flow == flow_with(after)
    assert not rendered.rewritten
