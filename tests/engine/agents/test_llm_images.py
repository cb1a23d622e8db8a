"""Images that models are shown, as a real server gets them."""

import base64
from pathlib import Path
from typing import Any

import pytest

from agentflow.event import Event
from agentflow.flow.flow import LlmSettings
from agentflow.models.open import open_models
from engine.agents.agent_alone import runner
from engine.fakes import setup
from engine.models.chat_server import chat_server, says

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def shown(folder: Path, picture: Any) -> tuple[str, list[Any]]:
    """What fails, and what a server gets, when the state has this under `picture`."""
    async with chat_server(says("A dot.")) as server:
        llm = LlmSettings(base_url=server.url)
        surroundings = setup(models=open_models({}), folder=folder)
        fields: dict[str, Any] = {"prompt": "What is it?", "images": "picture"}
        made = runner("llm", surroundings, on_spec={"llm": llm}, **fields)
        result = await made.run(Event(data={"picture": picture}))
    return result.error, [it.body["messages"][-1]["content"] for it in server.asked]


async def test_a_file_of_the_flows_folder_is_sent_as_a_data_url(tmp_path: Path):
    (tmp_path / "dot.png").write_bytes(PNG)

    error, told = await shown(tmp_path, "dot.png")

    url = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    assert error == ""
    assert told == [
        [
            {"type": "text", "text": "What is it?"},
            {"type": "image_url", "image_url": {"url": url}},
        ]
    ]


async def test_addresses_and_data_urls_are_sent_as_they_are(tmp_path: Path):
    urls = ["https://pictures.example/a.png", "data:image/gif;base64,R0lGODlhAQABAAAAACw="]

    _, told = await shown(tmp_path, urls)

    assert [it["image_url"]["url"] for it in told[0][1:]] == urls


async def test_without_an_image_only_text_is_sent(tmp_path: Path):
    assert await shown(tmp_path, None) == ("", ["What is it?"])


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        ("../outside.png", "is outside the flow's own folder"),
        ("link.png", "is outside the flow's own folder"),
        ("/etc/hostname", "is outside the flow's own folder"),
        ("missing.png", "there is no file"),
        ("secrets.env", "is no image"),
        ("large.png", "is larger than 10 MB"),
        (7, "names no image"),
        (["a.png"] * 17, "more than 16 images"),
    ],
)
async def test_what_is_no_image_of_the_folder_is_not_sent(tmp_path: Path, picture: Any, said: str):
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "outside.png").write_bytes(PNG)
    (home / "link.png").symlink_to(tmp_path / "outside.png")
    (home / "secrets.env").write_text("KEY=1")
    (home / "large.png").write_bytes(PNG + bytes(10 * 1024 * 1024))

    error, told = await shown(home, picture)

    assert said in error
    assert told == []
