"""A provider on loopback that lists its models, and knows who has asked for what."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HERE = ("tiny-1b", "big-70b")


@dataclass
class Provider:
    """Listens on `url`."""

    url: str = ""
    status: int = 200
    asked: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """(path, authorization) of each question."""
    may_answer: threading.Event = field(default_factory=threading.Event)
    """Until it is set, everybody waits."""


@contextmanager
def provider() -> Iterator[Provider]:
    """One that answers as long as it lasts."""
    told = Provider()
    told.may_answer.set()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append((self.path, self.headers.get("Authorization", "")))
            told.may_answer.wait(20)
            body = json.dumps(_answer(self.path, told.status)).encode()
            self.send_response(told.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield told
    finally:
        told.may_answer.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(path: str, status: int) -> object:
    if status != 200:
        return {"error": {"message": "not for you"}}
    if path == "/api/tags":
        return {"models": [{"name": f"{name}:latest"} for name in HERE]}
    return {"data": [{"id": name} for name in HERE]}
