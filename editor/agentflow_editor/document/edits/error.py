"""EditError: why an edit cannot be done."""

__all__ = ["EditError"]


class EditError(Exception):
    """An edit is impossible. Its text is a sentence for the person: where: what; what to do."""

    def __init__(self, where: str, what: str, fix: str = "") -> None:
        self.where, self.what, self.fix = where, what, fix
        place = f"{where}: " if where else ""
        super().__init__(f"{place}{what}" + (f"; {fix}" if fix else ""))
