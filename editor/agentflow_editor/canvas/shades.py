"""Shades: shapes by the colour that they are painted in, as all of one are painted at once."""

from collections.abc import Iterator
from typing import Generic, TypeVar

from PySide6.QtGui import QColor, QPainterPath

__all__ = ["Lines", "Shades"]

Key = TypeVar("Key")
Shape = TypeVar("Shape")


class Shades(Generic[Key, Shape]):
    """Shapes by the colour that they are painted with."""

    def __init__(self) -> None:
        self._shade_of: dict[Key, int] = {}
        self.by_shade: dict[int, dict[Key, Shape]] = {}
        """By colour as `QColor.rgba` says it."""
        self.changes = 0
        """How often something was painted otherwise."""

    def put(self, key: Key, color: QColor, shape: Shape) -> None:
        """Have a shape painted in a colour."""
        now, before = color.rgba(), self._shade_of.get(key)
        if before == now and self.by_shade[now][key] == shape:
            return
        if before != now:
            self.drop(key)
            self._shade_of[key] = now
        self._touch(now)[key] = shape

    def shape(self, key: Key) -> Shape:
        """One that is painted."""
        return self.by_shade[self._shade_of[key]][key]

    def drop(self, key: Key) -> None:
        """Paint a shape no more."""
        shade = self._shade_of.pop(key, None)
        if shade is not None:
            del self._touch(shade)[key]

    def _touch(self, shade: int) -> dict[Key, Shape]:
        self.changes += 1
        return self.by_shade.setdefault(shade, {})


class Lines(Shades[Key, QPainterPath]):
    """Lines by the colour that they are painted with: all of one are painted as one."""

    def __init__(self) -> None:
        super().__init__()
        self._joined: dict[int, QPainterPath] = {}

    def joined(self) -> Iterator[tuple[int, QPainterPath]]:
        """Each colour with all its lines."""
        for shade, paths in self.by_shade.items():
            if shade not in self._joined:
                line = self._joined[shade] = QPainterPath()
                for path in paths.values():
                    line.addPath(path)
            yield shade, self._joined[shade]

    def _touch(self, shade: int) -> dict[Key, QPainterPath]:
        self._joined.pop(shade, None)
        return super()._touch(shade)
