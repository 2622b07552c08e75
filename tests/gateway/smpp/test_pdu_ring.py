from __future__ import annotations

from gateway.smpp.pdu_ring import OCTETS_MOST, PDUS_MOST, PduRing, SeenPdu


def seen(number: int, size: int = 16) -> SeenPdu:
    return SeenPdu(float(number), 1, True, bytes(size))


def test_the_newest_come_in_their_order() -> None:
    ring = PduRing()
    for number in range(5):
        ring.add(seen(number))
    assert [one.at for one in ring.newest(3)] == [2.0, 3.0, 4.0]
    assert len(ring.newest(100)) == 5
    assert ring.newest(0) == []


def test_it_is_bounded_by_number_and_by_octets() -> None:
    ring = PduRing()
    for number in range(PDUS_MOST + 10):
        ring.add(seen(number))
    assert len(ring.newest(PDUS_MOST * 2)) == PDUS_MOST
    for number in range(20):
        ring.add(seen(number, OCTETS_MOST // 4))
    assert len(ring.newest(PDUS_MOST)) == 4
