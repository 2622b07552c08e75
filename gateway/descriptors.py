"""How many sockets this process, and the broker that it starts, may have open."""

from __future__ import annotations

import sys

# Of those that are allowed, what files, pipes, listeners and the store take.
_OWN = 100
_UNLIMITED = 1 << 20


def raise_limit() -> int:
    """Raise the soft limit of open files to the hard one; gives how many connections fit."""
    if sys.platform == "win32":
        return _UNLIMITED
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _UNLIMITED if hard == resource.RLIM_INFINITY else hard
    if soft == resource.RLIM_INFINITY:
        return _UNLIMITED
    if soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (ValueError, OSError):
            wanted = soft  # macOS names a hard limit that its kernel does not give
    return max(0, min(wanted, _UNLIMITED) - _OWN)
