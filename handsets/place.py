"""Where a server is. Pure."""

from __future__ import annotations

from msgspec import Struct


class Place(Struct, frozen=True):
    """Where a server listens."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"
