import pytest

from gateway.config import AccountConfig
from gateway.core.decision import Message, MessageKind, MessageState, Receiver
from gateway.core.events import SmeAddress
from gateway.links.smpp_delivery import deliver_sm
from gateway.links.smpp_segments import deliver_sms, pieces
from gateway.smpp.codes import EsmClass
from gateway.smpp.message import part_of, segment_of, text_of, whole_text
from gateway.smpp.pdu import DeliverSm
from gateway.smpp.reassembly import Complete, Reassembly
from gateway.smpp.text import DefaultAlphabet
from gateway.smpp.udh import LongForm

GSM, PACKED, LATIN_1, ASCII = DefaultAlphabet
PAYLOAD, UDH_8, UDH_16, SAR = LongForm


def message(text: str, id_: int = 0x10107, **more: SmeAddress) -> Message:
    return Message(
        id=id_,
        kind=MessageKind.REPLY,
        source="4444",
        destination="6281290000001",
        text=text,
        receiver=Receiver.ESME,
        state=MessageState.ENROUTE,
        accepted_at=0,
        **more,
    )


def together(pdus: tuple[DeliverSm, ...], alphabet: DefaultAlphabet) -> str:
    """Read what was sent as an ESME does, the last segment first."""
    if len(pdus) == 1:
        return text_of(pdus[0], alphabet)
    held: Reassembly[None] = Reassembly()
    for pdu in reversed(pdus):
        place = part_of(pdu)
        assert place is not None
        outcome = held.add(*segment_of(pdu, place, None, alphabet), 0)
    assert isinstance(outcome, Complete)
    return whole_text(outcome.parts, alphabet)


def test_an_account_s_defaults_are_what_deliver_sm_does() -> None:
    account = AccountConfig(system_id="a", password="b")
    for text in ("Terima kasih", "a" * 254, "あ" * 200):
        [pdu] = deliver_sms(
            message(text), account.default_alphabet, account.long_messages, tlvs=True
        )
        assert pdu == deliver_sm(message(text), tlvs=True)


def test_addresses_go_back_as_the_esme_wrote_them() -> None:
    source, destination = SmeAddress(3, 0, "4444"), SmeAddress(2, 1, "081290000001")
    known = message("a" * 200, source_as=source, destination_as=destination)
    for pdu in deliver_sms(known, GSM, UDH_8, tlvs=True):
        assert (pdu.source_addr_ton, pdu.source_addr) == (3, "4444")
        assert (pdu.dest_addr_ton, pdu.destination_addr) == (2, "081290000001")


@pytest.mark.parametrize("tlvs", [True, False])
@pytest.mark.parametrize("form", LongForm)
@pytest.mark.parametrize("alphabet", DefaultAlphabet)
@pytest.mark.parametrize("text", ["", "Kode Anda [1234] € ", "雅加达 😀 "])
def test_the_esme_reads_the_whole_text(
    text: str, alphabet: DefaultAlphabet, form: LongForm, tlvs: bool
) -> None:
    for times in (1, 30):
        pdus = deliver_sms(message(text * times), alphabet, form, tlvs=tlvs)
        assert together(pdus, alphabet) == text * times
        assert tlvs or not any(pdu.tlvs for pdu in pdus)


@pytest.mark.parametrize(
    ("form", "tlvs", "count", "esm_class", "place"),
    [
        (PAYLOAD, True, 1, 0, None),
        (PAYLOAD, False, 2, EsmClass.UDHI, (0x07, UDH_8)),
        (UDH_8, True, 2, EsmClass.UDHI, (0x07, UDH_8)),
        (UDH_16, False, 2, EsmClass.UDHI, (0x107, UDH_16)),
        (SAR, True, 2, 0, (0x107, SAR)),
        (SAR, False, 2, EsmClass.UDHI, (0x07, UDH_8)),
    ],
)
def test_long_messages_go_in_the_account_s_form(
    form: LongForm, tlvs: bool, count: int, esm_class: int, place: tuple[int, LongForm] | None
) -> None:
    pdus = deliver_sms(message("a" * 300), GSM, form, tlvs=tlvs)
    assert [pdu.esm_class for pdu in pdus] == [esm_class] * count
    first = part_of(pdus[0])
    assert (first and (first.reference, first.form)) == place


def test_what_short_message_holds_needs_no_tlvs() -> None:
    [piece] = pieces("a" * 254, GSM, PAYLOAD, tlvs=False, reference=1)
    assert (piece.short_message, piece.tlvs) == (b"a" * 254, ())


@pytest.mark.parametrize(
    ("form", "tlvs", "count", "least"),
    [
        (PAYLOAD, True, 1, 32_000),
        (UDH_8, True, 1, 32_000),
        (SAR, True, 1, 32_000),
        (PAYLOAD, False, 255, 17_000),
        (SAR, False, 255, 17_000),
        (UDH_16, False, 255, 16_800),
    ],
)
def test_nothing_is_too_long(form: LongForm, tlvs: bool, count: int, least: int) -> None:
    text = "ah" + "あ" * 70_000
    parts = pieces(text, GSM, form, tlvs=tlvs, reference=1)
    assert len(parts) == count
    sent = sum(len(part.short_message) + sum(len(t.value) for t in part.tlvs) for part in parts)
    assert sent // 2 >= least


def test_a_long_text_that_fits_keeps_its_form() -> None:
    parts = pieces("a" * 20_000, GSM, UDH_8, tlvs=True, reference=1)
    assert len(parts) == 131
