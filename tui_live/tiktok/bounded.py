"""HTTP whose answers end: a page that never stops would fill the memory long before any time limit."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

import httpx

#: A live page is some hundred kilobytes, the first messages of a room less.
MAX_ANSWER_BYTES = 8_000_000


class BoundedTransport(httpx.AsyncHTTPTransport):
    """Answers of ``MAX_ANSWER_BYTES`` at most."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, as :func:`bound` makes it."""
        ask_for_gzip(request)
        response = await super().handle_async_request(request)
        bound(response)
        return response


def ask_for_gzip(request: httpx.Request) -> None:
    """Ask for the one packing that :func:`bound` unpacks."""
    request.headers["Accept-Encoding"] = "gzip"


def bound(response: httpx.Response) -> None:
    """Let the body of an answer that is still to be read raise :class:`httpx.ReadError` beyond ``MAX_ANSWER_BYTES``.

    It is unpacked here, never further than to there: some kilobytes of gzip hold gigabytes. A body that is packed in
    another way, or twice, raises :class:`httpx.DecodingError`.
    """
    assert isinstance(response.stream, httpx.AsyncByteStream)
    response.stream = _BoundedStream(response.stream, response.headers.pop("Content-Encoding", "identity"))


class _BoundedStream(httpx.AsyncByteStream):
    """What is in ``stream``, unpacked."""

    def __init__(self, stream: httpx.AsyncByteStream, encoding: str) -> None:
        self._stream = stream
        self._encoding = encoding.strip().lower()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._encoding not in ("identity", "gzip"):
            raise httpx.DecodingError("an answer that is packed in an unknown way")
        inflater = zlib.decompressobj(wbits=31) if self._encoding == "gzip" else None
        came = size = 0
        async for sent in self._stream:
            came += len(sent)
            chunk = sent if inflater is None else _inflated(inflater, sent, MAX_ANSWER_BYTES - size + 1)
            size += len(chunk)
            if max(came, size) > MAX_ANSWER_BYTES:
                raise httpx.ReadError(f"an answer of more than {MAX_ANSWER_BYTES // 1_000_000} MB")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


def _inflated(inflater: zlib._Decompress, chunk: bytes, most: int) -> bytes:
    try:
        return inflater.decompress(chunk, most)
    except zlib.error as error:
        raise httpx.DecodingError("an answer whose gzip is broken") from error
