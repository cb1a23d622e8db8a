"""Forms of one field, shown in a window, with surroundings that a test says."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import create_model

from agentflow.settings import Settings
from agentflow_editor.forms.base import Form, Surroundings, form_for
from editor.fronting import in_front


class Told:
    """What a form has told: each edit in order."""

    def __init__(self) -> None:
        self.values: list[Any] = []

    def __call__(self, _name: str, value: Any) -> str:
        self.values.append(value)
        return ""

    @property
    def last(self) -> Any:
        return self.values[-1]


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def made(qtbot, told) -> Callable[..., Form]:
    """Makes a form of given fields, each as (type, default)."""
    kept: list[Form] = []

    def make(around: Surroundings | None = None, values: Any = None, **fields: Any) -> Form:
        model = create_model("Made", __base__=Settings, **fields)
        form = form_for(model, values or {}, told, around=around)
        kept.append(form)
        qtbot.addWidget(form)
        form.resize(360, 400)
        in_front(qtbot, form)
        return form

    return make
