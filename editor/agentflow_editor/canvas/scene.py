"""The scene: what is to be drawn for a sheet, as plain values that can be compared."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import AgentUse, Orchestrator, Place
from agentflow.problem import Problem, Severity
from agentflow_editor.canvas.areas import Rect, Region, owner_of, owners_of, regions_around
from agentflow_editor.canvas.drafts import Drafts
from agentflow_editor.canvas.wording import agent_subtitle, orchestrator_subtitle, port_note
from agentflow_editor.document.ports import NEXT, START_SIZE, box_size, chain_ports
from agentflow_editor.document.sheet import Note, Position, Sheet, is_note, note_of

__all__ = ["Box", "Link", "LinkKey", "Port", "ReturnLink", "Scene", "build_scene", "moved"]

LinkKey = tuple[str, str, str]
"""(source path, port, target path)."""

Chains = Mapping[tuple[str, int], Sequence[str]]
"""The paths in each chain, by (owner, number of the chain)."""


@dataclass(frozen=True, slots=True)
class Port:
    """A socket on the right side of a node that begins one of an orchestrator's chains."""

    name: str
    """Unique on its node; what edits call it."""
    label: str
    note: str = ""
    """A few quiet words beside the label: when a case is taken, when a loop ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A node. Positions and sizes are in scene units, which are pixels at 100 %."""

    path: str
    """The step's path; "" for the start."""
    kind: str
    """"start", "agent", or the orchestrator's mode."""
    title: str
    subtitle: str = ""
    icon: str
    """The name of a Material Design icon."""
    ports: tuple[Port, ...] = ()
    """Those of its chains, from top to bottom; `in` and `next` go without saying."""
    x: int
    y: int
    width: int
    height: int
    is_parked: bool = False
    is_disabled: bool = False
    severity: Severity | None = None
    """The worst of its problems."""
    problems: tuple[str, ...] = ()
    """What they say."""

    @property
    def rect(self) -> Rect:
        """Where it stands."""
        return Rect(self.x, self.y, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow that a person can draw and delete."""

    source: str
    port: str
    target: str
    order: int = 0
    """Which of its port's links it is, from 1; 0 where a port has only one."""
    label: str = ""
    """The name of the case that it begins."""

    @property
    def key(self) -> LinkKey:
        """What makes it this link, whatever is written on it."""
        return self.source, self.port, self.target


@dataclass(frozen=True, slots=True)
class ReturnLink:
    """Control going back from the last step of a chain to the chain's orchestrator."""

    source: str
    target: str
    is_loop: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that is drawn, apart from what a run adds. Owners stand before their members."""

    boxes: Mapping[str, Box]
    links: Mapping[LinkKey, Link]
    returns: tuple[ReturnLink, ...]
    regions: Mapping[str, Region]
    notes: Mapping[str, Note] = field(default_factory=dict[str, Note])
    """By name."""

    def place_of(self, key: str) -> Position:
        """The top left corner of a node, by its path, or of a note, by its key."""
        thing = self.notes[note_of(key)] if is_note(key) else self.boxes[key]
        return thing.x, thing.y

    def with_members(self, paths: Iterable[str]) -> tuple[str, ...]:
        """The paths, and those of everything that orchestrators among them own."""
        wanted = tuple(paths)
        return tuple(path for path in self.boxes if any(_is_in(path, it) for it in wanted))


def build_scene(
    sheet: Sheet,
    catalogue: Catalogue,
    problems: Iterable[Problem] = (),
    *,
    drafts: Drafts | None = None,
    before: Scene | None = None,
) -> Scene:
    """Draw up a sheet. Steps without a position stand at the origin.

    Args:
        sheet: what is drawn.
        catalogue: what its steps are.
        problems: what is shown on the steps that have some.
        drafts: parts of the scene before; it takes in those of this one.
        before: the scene that was made with these drafts last.
    """
    drafts = drafts or Drafts()
    drafts.turn()
    places = tuple(sheet.flow.places())
    chains: dict[tuple[str, int], list[str]] = defaultdict(list)
    for place in places:
        chains[place.owner, place.chain].append(place.path)
    boxes = _boxes(sheet, catalogue, places, problems, drafts)
    links = {link.key: link for link in _links(places, catalogue, chains, drafts)}
    returns = tuple(
        ReturnLink(paths[-1], owner, boxes[owner].kind == "loop")
        for (owner, _), paths in chains.items()
        if owner in boxes and owner
    )
    regions = _regions(boxes, returns, before)
    return Scene(boxes, links, returns, regions, sheet.sketch.notes)


def moved(scene: Scene, positions: Mapping[str, tuple[int, int]]) -> Scene:
    """The same scene with some nodes and notes elsewhere, and the regions around them."""
    boxes, notes = dict(scene.boxes), dict(scene.notes)
    for key, (x, y) in positions.items():
        if is_note(key):
            notes[note_of(key)] = replace(notes[note_of(key)], x=x, y=y)
        else:
            boxes[key] = replace(boxes[key], x=x, y=y)
    regions = _regions(boxes, scene.returns, scene)
    return replace(scene, boxes=boxes, regions=regions, notes=notes)


def _is_in(path: str, owner: str) -> bool:
    return path == owner or (owner != "" and path.startswith(f"{owner}/"))


def _boxes(
    sheet: Sheet,
    catalogue: Catalogue,
    places: Sequence[Place],
    problems: Iterable[Problem],
    drafts: Drafts,
) -> dict[str, Box]:
    uses = Counter(place.step.name for place in places)
    found: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.path and problem.severity != "info":
            found[problem.path].append(problem)
    boxes = {"": _start(sheet)}
    agents, layout = sheet.flow.agents, sheet.layout
    for place in places:
        path, step = place.path, place.step
        own, count, at = found.get(path, []), uses[step.name], layout.get(path)
        spec = agents.get(step.name) if isinstance(step, AgentUse) else None
        made_from = step, spec, at, count, tuple(own)

        def make(place: Place = place, own: list[Problem] = own, count: int = count) -> Box:
            return _marked(_drawn(sheet, catalogue, place, count), own)

        boxes[path] = drafts.part(path, made_from, make)
    return boxes


def _drawn(sheet: Sheet, catalogue: Catalogue, place: Place, uses: int) -> Box:
    if isinstance(place.step, AgentUse):
        return _agent(sheet, catalogue, place, place.step, uses)
    return _orchestrator(sheet, catalogue, place, place.step)


def _start(sheet: Sheet) -> Box:
    x, y = sheet.layout.get("", (0, 0))
    width, height = START_SIZE
    return Box(
        path="", kind="start", title="Start", icon="play", x=x, y=y, width=width, height=height
    )


def _agent(sheet: Sheet, catalogue: Catalogue, place: Place, step: AgentUse, uses: int) -> Box:
    spec = sheet.flow.agents.get(step.agent)
    kind = catalogue.agent_types.get(spec.type) if spec else None
    x, y = sheet.layout.get(place.path, (0, 0))
    width, height = box_size(step, catalogue)
    return Box(
        path=place.path,
        kind="agent",
        title=step.agent,
        subtitle=agent_subtitle(spec, kind, uses),
        icon=kind.icon if kind else "help-circle-outline",
        x=x,
        y=y,
        width=width,
        height=height,
        is_parked=place.path.startswith("|"),
        is_disabled=spec is not None and not spec.enabled,
    )


def _orchestrator(sheet: Sheet, catalogue: Catalogue, place: Place, step: Orchestrator) -> Box:
    mode = catalogue.modes.get(step.mode)
    x, y = sheet.layout.get(place.path, (0, 0))
    width, height = box_size(step, catalogue)
    return Box(
        path=place.path,
        kind=step.mode,
        title=step.name,
        subtitle=orchestrator_subtitle(step, mode),
        icon=mode.icon if mode else "help-circle-outline",
        ports=tuple(
            Port(port.name, port.label, port_note(step, port.chain))
            for port in chain_ports(step, catalogue)
        ),
        x=x,
        y=y,
        width=width,
        height=height,
        is_parked=place.path.startswith("|"),
    )


def _marked(box: Box, problems: Sequence[Problem]) -> Box:
    if not problems:
        return box
    worst: Severity = "error" if any(it.severity == "error" for it in problems) else "warning"
    return replace(box, severity=worst, problems=tuple(problem.message for problem in problems))


def _links(
    places: Sequence[Place], catalogue: Catalogue, chains: Chains, drafts: Drafts
) -> Iterator[Link]:
    for (owner, _), paths in chains.items():
        if owner == "":
            yield Link("", NEXT, paths[0])
        if owner == "" or (owner.startswith("|") and "/" not in owner):
            yield from _followed(paths)
    for place in places:
        if isinstance(place.step, Orchestrator):
            path, step = place.path, place.step

            def make(path: str = path, step: Orchestrator = step) -> tuple[Link, ...]:
                return tuple(_owned(path, step, catalogue, chains))

            yield from drafts.part((path, "links"), (step,), make)


def _followed(paths: Sequence[str]) -> Iterator[Link]:
    for source, target in pairwise(paths):
        yield Link(source, NEXT, target)


def _owned(path: str, step: Orchestrator, catalogue: Catalogue, chains: Chains) -> Iterator[Link]:
    """The links from an orchestrator's own ports to each chain, and those within the chains."""
    for number in range(len(step.chains)):
        yield from _followed(chains.get((path, number), ()))
    for port in chain_ports(step, catalogue):
        numbers = range(len(step.chains)) if port.chain is None else (port.chain,)
        begun = [chains[path, number][0] for number in numbers if chains.get((path, number))]
        for order, target in enumerate(begun, start=1):
            is_case = port.chain is not None and step.mode == "route"
            label = port.label if is_case else ""
            yield Link(path, port.name, target, order if len(begun) > 1 else 0, label)


def _regions(
    boxes: Mapping[str, Box], returns: Iterable[ReturnLink], before: Scene | None
) -> dict[str, Region]:
    """The regions; those around boxes that are all the same ones as before are so, too."""
    kept = _untouched(boxes, before) if before is not None else {}
    owners = [
        (box.path, box.kind, box.title)
        for box in boxes.values()
        if box.kind not in ("start", "agent")
    ]
    rects = {path: box.rect for path, box in boxes.items() if owner_of(path) not in kept}
    ends = [(link.source, link.target) for link in returns if link.target not in kept]
    return regions_around(owners, rects, ends, kept)


def _untouched(boxes: Mapping[str, Box], before: Scene) -> dict[str, Region]:
    touched = {path for path, box in boxes.items() if before.boxes.get(path) is not box}
    touched |= before.boxes.keys() - boxes.keys()
    around = {owner for path in touched for owner in owners_of(path)}
    return {
        path: region
        for path, region in before.regions.items()
        if path not in touched and path not in around
    }
