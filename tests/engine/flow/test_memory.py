"""The table [memory] of a file: read, kept, and told apart from another program's."""

from agentflow.flow.flow import MemorySettings
from agentflow.flow.load import parse
from agentflow.flow.save import render
from engine.checked import CATALOGUE, checked, found

TEXT = """\
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["a"]
[agents.a]
type = "scripted"
"""


def test_a_flow_has_a_memory_where_it_says_so():
    assert parse(TEXT, CATALOGUE).flow.memory is None
    assert parse(TEXT + "[memory]\n", CATALOGUE).flow.memory == MemorySettings()
    told = parse(TEXT + '[memory]\npath = "m.db"\nmax_items = 5\n', CATALOGUE).flow.memory
    assert (told.path, told.max_items) == ("m.db", 5)
    assert checked(TEXT + '[memory]\npath = "m.db"\n') == ()


def test_what_agenticgokit_says_of_its_memory_is_nobodys_mistake():
    theirs = '[memory]\nprovider = "memory"\nconnection = "local"\n[memory.rag]\nmax_tokens = 3\n'

    assert checked(TEXT + theirs) == ()
    assert found("unknown-key", TEXT + '[memory]\npth = "m.db"\n')


def test_a_memory_is_written_into_the_file_and_out_of_it_again():
    file = parse("# mine\n" + TEXT + '\n# not mine\n[editor.nodes]\n"a" = [0, 0]\n', CATALOGUE)

    with_memory = file.flow.model_copy(update={"memory": MemorySettings(path="m.db")})
    text = render(file, with_memory, file.layout, CATALOGUE).text
    again = parse(text, CATALOGUE)

    assert '\n[memory]\nenabled = true\npath = "m.db"\n' in text
    assert again.flow == with_memory
    assert render(again, file.flow, file.layout, CATALOGUE).text == file.text
    plain = file.flow.model_copy(update={"memory": MemorySettings()})
    assert parse(render(file, plain, file.layout, CATALOGUE).text, CATALOGUE).flow == plain
    assert parse(render(None, plain, {}, CATALOGUE).text, CATALOGUE).flow == plain


def test_what_another_program_says_in_the_table_stays():
    file = parse(TEXT + '[memory]\nprovider = "x"  # theirs\n', CATALOGUE)

    flow = file.flow.model_copy(update={"memory": MemorySettings(max_items=3)})
    text = render(file, flow, file.layout, CATALOGUE).text

    assert '[memory]\nprovider = "x"  # theirs\nmax_items = 3\n' in text
