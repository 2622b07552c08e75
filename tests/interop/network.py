"""The running gateway, as a test of clients sees it: ports and inboxes."""

from __future__ import annotations

from typing import Any

import httpx


class Network:
    """Where a gateway listens, and what its numbers got."""

    def __init__(self, ready: dict[str, Any]) -> None:
        self.port: int = ready["smpp"]["port"]
        self.api = f"http://127.0.0.1:{ready['http']['port']}/api/v1"

    def subscriber(self, msisdn: str) -> dict[str, Any]:
        """Tell how a number stands."""
        found: dict[str, Any] = httpx.get(f"{self.api}/subscribers/{msisdn}").json()
        return found

    def inbox(self, msisdn: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait for so many messages to a number; gives them. Parts of a long one are none."""
        found: list[dict[str, Any]] = []
        last = "0"
        while len(found) < count:
            asked = {"msisdn": msisdn, "wait": "10", "after": last}
            answer = httpx.get(f"{self.api}/messages", params=asked, timeout=20).json()
            assert answer["messages"], f"{len(found)} of {count} messages to {msisdn}"
            last = answer["last"]
            found += [one for one in answer["messages"] if _is_for(one, msisdn)]
        return found


def _is_for(message: dict[str, Any], msisdn: str) -> bool:
    return bool(message["to"] == msisdn and message["receiver"] != "parts")
