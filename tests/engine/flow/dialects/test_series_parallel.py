import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentflow.flow.dialects.series_parallel import MOST_STEPS, Parallel, Series, Tree, arranged


def test_a_diamond_is_a_series_around_two_branches():
    found = arranged({"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")})

    assert found is not None
    assert found.tree == Series(("a", Parallel(("b", "c")), "d"))
    assert found.added == ()


def test_steps_without_dependencies_stand_side_by_side_in_declared_order():
    found = arranged({"z": (), "a": (), "m": ()})

    assert found is not None
    assert found.tree == Parallel(("z", "a", "m"))


def test_branches_may_be_chains_with_branches_of_their_own():
    needs = {"s": (), "a": ("s",), "b": ("a",), "c": ("a",), "d": ("s",), "e": ("b", "c", "d")}
    found = arranged(needs)

    assert found is not None
    assert found.tree == Series(("s", Parallel((Series(("a", Parallel(("b", "c")))), "d")), "e"))


def test_a_dependency_that_others_imply_changes_nothing():
    found = arranged({"a": (), "b": ("a",), "c": ("a", "b")})

    assert found is not None
    assert found.tree == Series(("a", "b", "c"))


def test_what_is_no_such_tree_waits_longer_and_says_for_whom():
    found = arranged({"a": (), "b": (), "c": ("a", "b"), "d": ("b",)})

    assert found is not None
    assert found.tree == Series((Parallel(("a", "b")), Parallel(("c", "d"))))
    assert found.added == (("a", "d"),)


@pytest.mark.parametrize("needs", [{"a": ("a",)}, {"a": ("b",), "b": ("a",)}])
def test_a_circle_is_no_tree(needs):
    assert arranged(needs) is None


def test_a_large_graph_is_arranged_in_layers():
    needs = {str(n): (str(n - 2),) if n > 1 else () for n in range(MOST_STEPS + 2)}
    found = arranged(needs)

    assert found is not None
    assert isinstance(found.tree, Series)
    assert found.tree.parts[0] == Parallel(("0", "1"))


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    names = draw(st.permutations("abcdefgh"))
    size = draw(st.integers(1, 8))
    chosen = names[:size]
    needs = {
        name: tuple(draw(st.lists(st.sampled_from(chosen[:at]), unique=True)) if at else ())
        for at, name in enumerate(chosen)
    }
    order = draw(st.permutations(chosen))
    return {name: needs[name] for name in order}


@given(graphs())
def test_a_tree_keeps_every_dependency_and_adds_only_what_it_says(needs):
    found = arranged(needs)
    assert found is not None
    graph = nx.DiGraph([(first, then) for then, firsts in needs.items() for first in firsts])
    graph.add_nodes_from(needs)
    wanted = set(nx.transitive_closure_dag(graph).edges)

    told = set(waits(found.tree))
    added = nx.DiGraph([*wanted, *found.added])

    assert sorted(leaves(found.tree)) == sorted(needs)
    assert wanted <= told
    assert set(nx.transitive_closure_dag(added).edges) == told
    assert bool(found.added) == (told != wanted)
    assert bool(found.added) == has_an_n(wanted, needs)


def has_an_n(edges: set[tuple[str, str]], names: dict[str, tuple[str, ...]]) -> bool:
    """Whether four steps stand as a < c, b < c, b < d, and nothing else among them."""
    related = edges | {(b, a) for a, b in edges}
    return any(
        {(a, c), (b, c), (b, d)} <= edges and not {(a, b), (a, d), (c, d)} & related
        for a in names
        for b in names
        for c in names
        for d in names
        if len({a, b, c, d}) == 4
    )


def leaves(tree: Tree) -> list[str]:
    return [tree] if isinstance(tree, str) else [it for part in tree.parts for it in leaves(part)]


def waits(tree: Tree) -> list[tuple[str, str]]:
    """Every pair of which the first has ended before the second begins."""
    if isinstance(tree, str):
        return []
    pairs = [pair for part in tree.parts for pair in waits(part)]
    if isinstance(tree, Series):
        for at, part in enumerate(tree.parts):
            later = [name for it in tree.parts[at + 1 :] for name in leaves(it)]
            pairs += [(first, then) for first in leaves(part) for then in later]
    return pairs
