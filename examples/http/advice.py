"""Advice from what the weather station says."""


def washing(state):
    """Find the hour in which washing dries best: dry air, and wind."""
    readings = state["ask"]["readings"]["readings"]
    forecast = state["ask"]["forecast"]["forecast"]
    best = max(readings, key=lambda it: (100 - it["humidity"]) * it["wind"])
    advice = (
        f"In {state['place']} washing dries best at {best['hour']} o'clock, with a humidity of "
        f"{best['humidity']} % and a wind of {best['wind']} m/s.\n\nThe forecast: {forecast}"
    )
    return {"best": best, "response": advice}
