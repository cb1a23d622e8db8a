"""What the desks have in common: they answer with the help page that was found."""


def reply(state):
    """Turn the best help page into a mail."""
    title, _, text = state["found"].partition("\n")
    return {"response": f"Hello,\n\n{text.strip()}\n\nYour {state['topic']} desk ({title.strip()})"}
