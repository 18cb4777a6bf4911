"""Runs OBS where nobody else reaches it, and lets one port of this machine lead to it.

``[unshare -rn] python box.py LISTENER_FD OBS_PORT PROGRAM …``: brings up the loopback interface of its network
namespace, starts the program, prints the program's process id, and passes on what arrives at the listening socket,
which belongs to the namespace that it was made in. Ends with the program, and ends it when its own standard input ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import struct
import subprocess
import sys
import threading

_SIOCSIFFLAGS, _UP = 0x8914, 0x1


def loopback_up() -> None:
    """As ``ip link set lo up``; without a namespace of our own it is up already, and we may not."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _UP))


def pump(source: socket.socket, sink: socket.socket) -> None:
    """Pass bytes on until either side ends, then end both."""
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def relay(listener: socket.socket, port: int) -> None:
    """Connect whoever comes with OBS. Who comes too early is turned away with a reset, as by a closed port."""
    while True:
        inner, _ = listener.accept()
        inner.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            outer = socket.create_connection(("127.0.0.1", port))
        except OSError:
            inner.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            inner.close()
            continue
        outer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for pair in ((inner, outer), (outer, inner)):
            threading.Thread(target=pump, args=pair, daemon=True).start()


def main() -> None:
    listener = socket.socket(fileno=int(sys.argv[1]))
    loopback_up()
    program = subprocess.Popen(sys.argv[3:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, close_fds=True)
    print(program.pid, flush=True)
    threading.Thread(target=relay, args=(listener, int(sys.argv[2])), daemon=True).start()

    def until_left() -> None:
        sys.stdin.buffer.read()
        program.kill()

    threading.Thread(target=until_left, daemon=True).start()
    program.wait()
    os._exit(0)


if __name__ == "__main__":
    main()
