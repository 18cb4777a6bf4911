"""Whether whoever asks is on this machine: by address, and by what a proxy adds."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

#: A proxy before us adds at least one of these: whoever asks is not on this machine, whatever the address says.
_FORWARDED = (
    *("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"),
    *("CF-Connecting-IP", "True-Client-IP"),
)


def is_forwarded(headers: Mapping[str, str]) -> bool:
    """Whether a request came through a proxy, by its headers (whose names know no case)."""
    return any(name in headers for name in _FORWARDED)


def is_this_machine(address: str) -> bool:
    """Whether a peer's address is this machine's loopback, in whatever spelling."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)
