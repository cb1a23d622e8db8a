"""The one who answers at the desk, and counts how often each reader has come."""


def answer(state, memory):
    reader = state["reader"]
    visits = memory.recall(f"visits/{reader}", 0) + 1
    memory.remember(f"visits/{reader}", visits)
    lines = [f"Dear {reader}, this is your visit number {visits} to the desk."]
    if state["before"]:
        lines.append(f"Last time you wrote: “{state['before']}”")
    others = [it["key"].removeprefix("last/") for it in state["alike"] if _is_anothers(it, reader)]
    if others:
        lines.append(f"You might talk to {' and '.join(others)}, who asked about the same.")
    lines.append(f"We have laid out what we have about {' and '.join(state['keywords'][:2])}.")
    return {"response": "\n".join(lines)}


def _is_anothers(item, reader):
    return item["key"].startswith("last/") and item["key"] != f"last/{reader}"
