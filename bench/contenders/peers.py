"""The other engines that are installed for the bench."""

import logging

from contenders.adk_agents import Adk
from contenders.agent_framework_workflow import AgentFramework
from contenders.base import Contender
from contenders.langgraph_graph import LangGraph
from contenders.pydantic_graphs import PydanticGraph

__all__ = ["all_peers"]


def all_peers() -> list[Contender]:
    """One of each, silent about loops in a flow that is meant to have them."""
    logging.getLogger("agent_framework").setLevel(logging.ERROR)
    return [LangGraph(), PydanticGraph(), Adk(), AgentFramework()]
