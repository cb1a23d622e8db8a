import pickle
import time
from dataclasses import FrozenInstanceError, replace

import pytest

from agentflow.event import Event


def test_an_event_that_is_not_told_its_id_has_one_of_its_own():
    one, other = Event(), Event()

    assert len(one.id) == 32
    assert one.id == one.id != other.id
    assert Event(id="mine").id == "mine"


def test_an_event_was_created_when_it_was_made_and_not_when_it_is_asked():
    before = time.time()
    event = Event()
    after = time.time()
    time.sleep(0.002)

    assert before - 1e-6 <= event.created.timestamp() <= after + 1e-6


def test_an_event_that_is_changed_or_sent_to_another_process_keeps_all_else():
    event = Event(data={"x": 1}, metadata={"k": "v"}, session_id="s")

    assert replace(event, target="a").id == event.id
    assert replace(event, target="a").created == event.created
    assert pickle.loads(pickle.dumps(event)) == event


def test_an_event_stays_as_it_is():
    metadata = {"k": "v"}
    event = Event(metadata=metadata)
    metadata["k"] = "other"

    assert event.metadata == {"k": "v"}
    for field in ("target", "id"):
        with pytest.raises(FrozenInstanceError):
            setattr(event, field, "a")
