"""What `check` says of a text, for tests that name only what they are about."""

from collections.abc import Collection

from agentflow.catalogue import Catalogue
from agentflow.flow.check import check_file
from agentflow.flow.load import parse
from agentflow.problem import Problem

__all__ = ["CATALOGUE", "checked", "found", "scripted"]

CATALOGUE = Catalogue.installed()


def checked(text: str, *, registered: Collection[str] = ()) -> tuple[Problem, ...]:
    """Every problem of an agentflow.toml with this text."""
    return check_file(parse(text, CATALOGUE), CATALOGUE, registered=registered)


def found(code: str, text: str, *, registered: Collection[str] = ()) -> tuple[Problem, ...]:
    """Its problems of one code."""
    return tuple(it for it in checked(text, registered=registered) if it.code == code)


def scripted(*names: str) -> str:
    """The definitions of agents that stand in for others."""
    return "".join(f'\n[agents."{name}"]\ntype = "scripted"\n' for name in names)
