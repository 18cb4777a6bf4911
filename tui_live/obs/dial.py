"""A TCP connection that gives up after a while, and at once when it is told to."""

from __future__ import annotations

import errno
import os
import selectors
import socket
import time

#: How long all addresses of a host together may take.
CONNECT_SECONDS = 3.0


class Interrupted(Exception):
    """Somebody knocked at ``wake`` while we waited."""


def dial(host: str, port: int, wake: socket.socket, seconds: float = CONNECT_SECONDS) -> socket.socket:
    """A connected socket, straight to ``host`` (a name, an IPv4 or IPv6 address, with or without brackets).

    Each address of a name gets its share of the time. Raises ``OSError`` (``TimeoutError``, ``socket.gaierror``), and
    :class:`Interrupted` when ``wake`` has something to read, which is left in it. Looking up a name is not interrupted.
    """
    end = time.monotonic() + seconds
    addresses = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    failed: OSError = TimeoutError("no address answered")
    for left, (family, kind, protocol, _, address) in zip(range(len(addresses), 0, -1), addresses, strict=True):
        connection = socket.socket(family, kind, protocol)
        try:
            _connect(connection, address, wake, (end - time.monotonic()) / left)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
        except OSError as error:
            connection.close()
            failed = error
        except BaseException:
            connection.close()
            raise
    raise failed


def _connect(connection: socket.socket, address: object, wake: socket.socket, seconds: float) -> None:
    connection.setblocking(False)
    code = connection.connect_ex(address)  # type: ignore[arg-type]
    if code in (errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EINTR):
        with selectors.DefaultSelector() as selector:
            selector.register(connection, selectors.EVENT_WRITE)
            selector.register(wake, selectors.EVENT_READ)
            ready = [key.fileobj for key, _ in selector.select(max(0.0, seconds))]
        if wake in ready:
            raise Interrupted
        if not ready:
            raise TimeoutError("no answer")
        code = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, os.strerror(code))
    connection.setblocking(True)
