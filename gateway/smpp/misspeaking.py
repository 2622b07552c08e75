"""What a session can be made to do wrong on purpose: say what is no PDU, fall silent."""

from collections.abc import Callable

from gateway.smpp.sending import Sending
from gateway.smpp.states import Role, State


class Misspeaking(Sending):
    """The ways of one end of a session to break the protocol; unused they cost nothing.

    `ignores_enquire_link` is asked before an enquire_link is answered, if it is set.
    """

    def __init__(self, role: Role, *, window: int, error_body: bool, first_sequence: int) -> None:
        """Start well-behaved."""
        super().__init__(role, window=window, error_body=error_body, first_sequence=first_sequence)
        self.ignores_enquire_link: Callable[[], bool] | None = None
        # From here on nothing of `_out` is written.
        self._muted_at: int | None = None

    def say(self, octets: bytes) -> None:
        """Write these octets as they are, whatever they mean."""
        if self._state is not State.CLOSED:
            self._out.append(octets)

    def garble(self, change: Callable[[bytes], bytes]) -> None:
        """Write something else in place of the PDU that was said last, if it is not written yet."""
        if self._out:
            self._out[-1] = change(self._out[-1])

    def mute(self) -> None:
        """Write nothing of what is said from now on."""
        if self._muted_at is None:
            self._muted_at = len(self._out)

    def take(self) -> bytes:
        """Give all octets to write now, and forget them."""
        if self._muted_at is not None:
            del self._out[self._muted_at :]
            self._muted_at = 0
        return super().take()
