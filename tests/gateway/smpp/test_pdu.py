import msgspec
import pytest

from gateway.smpp.pdu import Pdu, Request, Response, SubmitSm
from tests.gateway.smpp.samples import ALL


def test_a_message_needs_only_addresses_and_octets() -> None:
    pdu = SubmitSm(sequence_number=1, source_addr="1", destination_addr="2", short_message=b"x")
    assert (pdu.esm_class, pdu.validity_period, pdu.tlvs) == (0, "", ())


@pytest.mark.parametrize("pdu", ALL, ids=lambda pdu: type(pdu).__name__)
def test_every_pdu_is_a_frozen_value_of_one_of_the_unions(pdu: Pdu) -> None:
    assert isinstance(pdu, Request) != isinstance(pdu, Response)
    assert pdu == msgspec.structs.replace(pdu)
    with pytest.raises(AttributeError):
        pdu.sequence_number = 2  # type: ignore[misc]
