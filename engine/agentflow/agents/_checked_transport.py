"""CheckedTransport: sends requests to addresses that were judged, and to no others."""

from collections.abc import Collection
from typing import Any

from agentflow.agents._addresses import Resolve, allowed_addresses, resolve

__all__ = ["CheckedTransport"]


class CheckedTransport:
    """Stands before an HTTP client's transport; each request, a redirect's too, is judged anew.

    The host is resolved once, and the connection goes to that very address: a name server that
    answers otherwise a moment later changes nothing. Host header and certificate stay the name's.
    """

    def __init__(
        self,
        inner: Any,
        *,
        where: str,
        private_hosts: Collection[str] = (),
        find: Resolve = resolve,
    ) -> None:
        """`inner` is an AsyncHTTPTransport of httpx, or of what speaks as httpx does."""
        self._inner, self._where, self._find = inner, where, find
        self._private_hosts = private_hosts

    async def __aenter__(self) -> "CheckedTransport":
        await self._inner.__aenter__()
        return self

    async def __aexit__(self, *how: Any) -> None:
        await self._inner.__aexit__(*how)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()

    async def handle_async_request(self, request: Any) -> Any:
        """Send a request.

        Raises:
            NotAllowedError: it must not go where its host is.
            ToolError: its host is nowhere.
        """
        url = request.url
        host = url.raw_host.decode("ascii")
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = await allowed_addresses(
            host, port, self._private_hosts, self._where, self._find
        )
        for address in addresses[:-1]:
            try:
                return await self._inner.handle_async_request(_to(address, request, host))
            except Exception as error:
                # Only where nothing was sent yet: another address of the host may be reachable.
                if type(error).__name__ not in ("ConnectError", "ConnectTimeout"):
                    raise
        return await self._inner.handle_async_request(_to(addresses[-1], request, host))


def _to(address: str, request: Any, host: str) -> Any:
    """The same request, to an address instead of a name."""
    return type(request)(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": host},
    )
