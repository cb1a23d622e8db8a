"""Messages between a process and the one that it answers: JSON, with the length of each first."""

import json
import struct
from typing import Any, BinaryIO

__all__ = ["read_message", "write_message"]

MOST_BYTES = 64 * 1024 * 1024


def read_message(pipe: BinaryIO) -> Any:
    """The next message; None when there is none any more."""
    head = pipe.read(4)
    if len(head) < 4:
        return None
    (size,) = struct.unpack(">I", head)
    return json.loads(pipe.read(size))


def write_message(pipe: BinaryIO, message: Any) -> None:
    """Send a message and flush."""
    body = json.dumps(message).encode()
    if len(body) > MOST_BYTES:
        told = {"type": "ValueError", "text": "it returned more than 64 MB"}
        body = json.dumps({"of": message["of"], "raised": told}).encode()
    pipe.write(struct.pack(">I", len(body)) + body)
    pipe.flush()
