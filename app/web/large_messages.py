"""A bound on what Streamlit keeps of all sockets' messages: each one's last, after its end too."""

from __future__ import annotations

import asyncio

from app.web.limits import Limits


class LargeMessages:
    """How much all sockets' large messages take: Streamlit keeps what each sent last."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._sizes: dict[object, int] = {}

    def fits(self, socket: object, size: int) -> bool:
        """Whether the socket may send a message of ``size`` bytes, which then counts."""
        counted = size if size > self.limits.small_bytes else 0
        others = sum(each for key, each in self._sizes.items() if key is not socket)
        if counted and others + counted > self.limits.large_bytes:
            return False
        if counted or socket in self._sizes:
            self._sizes[socket] = counted
        return True

    def leave(self, socket: object) -> None:
        """Count the socket's message for as long as Streamlit keeps its session."""
        if socket in self._sizes:
            loop = asyncio.get_running_loop()
            loop.call_later(self.limits.kept_seconds, self._sizes.pop, socket, None)
