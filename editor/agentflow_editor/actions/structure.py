"""Structure: what changes where steps stand in the tree."""

from collections.abc import Iterator

from agentflow_editor.actions.base import Action, Desk, Separator

__all__ = ["MENU"]

_MODES = (
    ("sequential", "&Sequence"),
    ("collaborative", "&Parallel"),
    ("route", "&Router"),
    ("loop", "&Loop"),
)


def _any(desk: Desk) -> bool:
    return bool(desk.structure.picked.places)


def _orchestrator(desk: Desk) -> bool:
    return bool(desk.structure.picked.orchestrators)


def _one_orchestrator(desk: Desk) -> bool:
    picked = desk.structure.picked
    return len(picked.orchestrators) == len(picked.places) == 1


def _router(desk: Desk) -> bool:
    only = desk.structure.picked.only
    return only is not None and getattr(only.step, "mode", "") == "route"


def _in_a_chain(desk: Desk) -> bool:
    return desk.structure.picked.has_neighbour


def _in_a_branch(desk: Desk) -> bool:
    picked = desk.structure.picked
    return picked.is_member and picked.has_sibling_chain


def _wraps() -> Iterator[Action]:
    for mode, title in _MODES:
        plain = title.replace("&", "")
        yield Action(
            id=f"structure.wrap-{mode}",
            title=f"Wrap in {title}",
            tip=f"Put a {plain} around the selected steps",
            submenu="&Wrap in",
            run=lambda desk, mode=mode: desk.structure.wrap(mode),
            enabled=_any,
        )


def _modes() -> Iterator[Action]:
    for mode, title in _MODES:
        plain = title.replace("&", "")
        yield Action(
            id=f"structure.mode-{mode}",
            title=f"Change to {title}",
            tip=f"Make the selected orchestrator a {plain} with the same members",
            submenu="Change &Mode",
            run=lambda desk, mode=mode: desk.structure.change_mode(mode),
            enabled=_one_orchestrator,
        )


def _in_a_branch_or_one(desk: Desk) -> bool:
    return desk.workbench.selection.chain is not None or _in_a_branch(desk)


MENU = (
    "&Structure",
    (
        Action(
            id="structure.add-after",
            title="Add a Step &After…",
            shortcuts=("Ins",),
            on_canvas=True,
            icon="playlist-plus",
            tip="Search for an agent or orchestrator that follows the selected step",
            run=lambda desk: desk.canvas.adding.search_beside(),
        ),
        Action(
            id="structure.add-inside",
            title="Add a Member (&Inside)…",
            shortcuts=("Ctrl+Ins",),
            on_canvas=True,
            icon="plus-box-multiple-outline",
            tip="Search for an agent or orchestrator that the selected orchestrator runs",
            run=lambda desk: desk.canvas.adding.search_inside(),
            enabled=_one_orchestrator,
        ),
        Action(
            id="structure.add-case",
            title="Add a Ca&se",
            shortcuts=("Shift+Ins",),
            on_canvas=True,
            icon="call-split",
            tip="Give the selected router another case, to be tried after those that it has",
            run=lambda desk: desk.structure.add_case(),
            enabled=_router,
        ),
        Separator(),
        Action(
            id="structure.wrap",
            title="Wra&p…",
            shortcuts=("Ctrl+G",),
            on_canvas=True,
            icon="border-outside",
            tip="Put an orchestrator around the selected steps: then S, P, R or L",
            run=lambda desk: desk.structure.ask_wrap(),
            enabled=_any,
        ),
        *_wraps(),
        Action(
            id="structure.dissolve",
            title="&Dissolve",
            shortcuts=("Ctrl+Shift+G",),
            on_canvas=True,
            icon="border-none-variant",
            tip="Take the selected orchestrators away; their members stand in their places",
            run=lambda desk: desk.structure.dissolve(),
            enabled=_orchestrator,
        ),
        Action(
            id="structure.mode",
            title="&Change Mode…",
            shortcuts=("M",),
            on_canvas=True,
            icon="swap-horizontal",
            tip="Make the selected orchestrator one of another mode, with the same members",
            run=lambda desk: desk.structure.ask_mode(),
            enabled=_one_orchestrator,
        ),
        *_modes(),
        Separator(),
        Action(
            id="structure.earlier",
            title="Move &Earlier",
            shortcuts=("Alt+Left",),
            on_canvas=True,
            icon="arrow-left",
            tip="Let the selected steps come before the one that they follow",
            run=lambda desk: desk.structure.move_along(-1),
            enabled=_in_a_chain,
        ),
        Action(
            id="structure.later",
            title="Move &Later",
            shortcuts=("Alt+Right",),
            on_canvas=True,
            icon="arrow-right",
            tip="Let the selected steps come after the one that follows them",
            run=lambda desk: desk.structure.move_along(1),
            enabled=_in_a_chain,
        ),
        Action(
            id="structure.branch-earlier",
            title="Move &Branch or Case Up",
            shortcuts=("Alt+Up",),
            on_canvas=True,
            icon="arrow-up",
            tip="Let the branch or case of the selected step come before the one above it",
            run=lambda desk: desk.structure.reorder_chains(-1),
            enabled=_in_a_branch_or_one,
        ),
        Action(
            id="structure.branch-later",
            title="Move Branch or Case D&own",
            shortcuts=("Alt+Down",),
            on_canvas=True,
            icon="arrow-down",
            tip="Let the branch or case of the selected step come after the one below it",
            run=lambda desk: desk.structure.reorder_chains(1),
            enabled=_in_a_branch_or_one,
        ),
        Action(
            id="structure.release",
            title="Take &Out of Its Orchestrator",
            shortcuts=("Ctrl+Shift+X",),
            on_canvas=True,
            icon="location-exit",
            tip="Let the selected step follow the orchestrator that it is a member of",
            run=lambda desk: desk.structure.release(),
            enabled=lambda desk: desk.structure.picked.is_member,
        ),
        Separator(),
        Action(
            id="structure.switch",
            title="Disable or E&nable",
            shortcuts=("D",),
            on_canvas=True,
            icon="power",
            tip="Let a run skip the agents of the selected steps, or use them again",
            run=lambda desk: desk.structure.switch(),
            enabled=_any,
        ),
    ),
)
