import pickle

from agentflow.flow.flow import AgentUse, Chain, Flow, Orchestrator


def use(name: str) -> AgentUse:
    return AgentUse(agent=name)


LOOP = Orchestrator(name="again", mode="loop", chains=(Chain(steps=(use("a"), use("a"))),))
FLOW = Flow(root=Chain(steps=(use("a"), LOOP)), parked=(Chain(steps=(use("b"),)),))


def paths(flow: Flow) -> list[str]:
    return [place.path for place in flow.places()]


def test_owners_stand_before_their_members_and_parked_steps_last():
    assert paths(FLOW) == ["a", "again", "again/a", "again/a~2", "|0/b"]


def test_a_parked_step_knows_which_chain_it_stands_in():
    flow = FLOW.model_copy(update={"parked": (*FLOW.parked, Chain(steps=(LOOP,)))})

    assert [it.chain for it in flow.places() if it.path.startswith("|")] == [0, 1, 0, 0]


def test_the_step_at_a_path_is_found_and_none_where_there_is_none():
    assert FLOW.at("again") is LOOP
    assert FLOW.at("again/c") is None


def test_a_copy_with_other_steps_has_other_places():
    assert FLOW.at("again") is LOOP

    other = FLOW.model_copy(update={"root": Chain(steps=(use("c"),))})

    assert paths(other) == ["c", "|0/b"]
    assert other.at("again") is None
    assert paths(FLOW.model_copy(update={"parked": ()}))[-1] == "again/a~2"


def test_a_copy_with_another_name_shares_the_places():
    assert FLOW.model_copy(update={"name": "other"}).places() is FLOW.places()


def test_flows_are_equal_whether_anybody_has_asked_for_their_places_or_not():
    unasked = Flow.model_validate(FLOW.model_dump())
    assert FLOW.places()

    assert unasked == FLOW
    assert pickle.loads(pickle.dumps(FLOW)) == FLOW
    assert unasked.model_dump_json() == FLOW.model_dump_json()
