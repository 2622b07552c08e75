from gateway.smpp.errors import Rejected
from gateway.smpp.items import Answered, Closed, CloseReason, Refused


def test_items_are_values() -> None:
    assert Answered("context", Rejected(1, 2, 3)) == Answered("context", Rejected(1, 2, 3))
    assert Refused(Rejected(1, 2, 3)).rejected.command_status == 1
    assert Closed(CloseReason.WE_UNBOUND).lost is None
