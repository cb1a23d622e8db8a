import pytest

from agentflow.flow.near import near


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("colector", "collector"),
        ("Fact-Checker", "fact_checker"),
        ("analyser", "analyzer"),
        ("fact_chekcer", "fact_checker"),
        ("writer", None),
        ("researcher2", None),
        ("collector", None),
        ("", None),
    ],
)
def test_the_name_that_was_meant(name: str, meant: str | None):
    assert near(name, ["collector", "fact_checker", "analyzer", "researcher1"]) == meant


def test_the_first_of_two_equally_near_names_is_meant():
    assert near("cat", ["cats", "cate"]) == "cats"
