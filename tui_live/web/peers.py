"""Whether whoever asks is on this machine, by address."""

from __future__ import annotations

import ipaddress


def is_this_machine(address: str) -> bool:
    """Whether a peer's address is this machine's loopback, in whatever spelling."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)
