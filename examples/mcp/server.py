"""An MCP server that knows a few recipes; it talks over its standard input and output."""

import math
from typing import Any

from mcp.server import MCPServer

server = MCPServer("kitchen")

RECIPES = {
    "pancakes": {
        "serves": 4,
        "amounts": {"flour": "250 g", "milk": "500 ml", "eggs": "3", "butter": "40 g"},
        "steps": "Whisk it all, let it rest for half an hour, and bake it thinly in a hot pan.",
    },
    "lentil soup": {
        "serves": 4,
        "amounts": {"lentils": "300 g", "carrots": "2", "stock": "1200 ml", "vinegar": "20 ml"},
        "steps": "Simmer it for forty minutes; the vinegar comes last.",
    },
}


@server.tool()
def recipe(dish: str) -> dict[str, Any]:
    """Look up a recipe: how many it serves, the amounts, and what to do."""
    return RECIPES[dish]


@server.tool()
def scale(amounts: dict[str, str], times: float) -> dict[str, Any]:
    """Work out amounts for more people, or fewer; never less than is needed."""
    return {name: scaled(amount, times) for name, amount in amounts.items()}


def scaled(amount: str, times: float) -> str:
    number, _, unit = amount.partition(" ")
    return f"{math.ceil(float(number) * times)} {unit}".strip()


if __name__ == "__main__":
    server.run()
