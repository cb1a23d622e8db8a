"""The moderator of the debate, and the clerk who writes the minutes."""


def moderate(state):
    """Note what both sides said, and call the next point of the agenda."""
    said = state["arguments"]
    point = {
        "about": state["agenda"][0],
        "for": _sentence(said["supporter"]["response"]),
        "against": _sentence(said["opponent"]["response"]),
    }
    return {"minutes": [*state.get("minutes", []), point], "agenda": state["agenda"][1:]}


def write_minutes(state):
    """The whole debate on one page."""
    lines = [f"# {state['motion'].capitalize()}: for and against"]
    for point in state["minutes"]:
        lines += ["", f"## {point['about'].capitalize()}"]
        lines += [f"For: {point['for']}", f"Against: {point['against']}"]
    return {"response": "\n".join([*lines, "", "## In short", _sentence(state["conclusion"])])}


def _sentence(text):
    """The text up to its last full stop: a model that runs out of words ends in the middle."""
    text = " ".join(text.split())
    end = text.rfind(".")
    return text[: end + 1] if end > 0 else text
