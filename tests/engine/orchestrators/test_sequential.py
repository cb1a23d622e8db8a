from engine.fakes import fails, flow, kinds, outcome, says, sequence


async def test_each_step_gets_the_state_that_the_one_before_left():
    result = await outcome(flow(sequence("s", "a", "b", "c")))

    assert result.state == {"trail": ["a", "b", "c"]}


async def test_the_first_failure_ends_the_sequence():
    result = await outcome(flow(sequence("s", "a", "b", "c")), {"a": says(x=1), "b": fails()})

    assert result.status == "failed"
    assert kinds(result, "StepSucceeded", "StepFailed") == [
        ("StepSucceeded", "s/a"),
        ("StepFailed", "s/b"),
        ("StepFailed", "s"),
    ]


async def test_a_sequence_records_all_that_its_steps_changed():
    result = await outcome(flow(sequence("s", "a", "b")), {"a": says(x=1, y=1), "b": says(y=2)})

    assert result.path_results["s"]["changes"] == {"x": 1, "y": 2}
