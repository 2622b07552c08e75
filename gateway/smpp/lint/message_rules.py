"""The rules on messages: text and its coding, segments, flags, times, optional parameters."""

from typing import Final

from gateway.smpp.lint.rules import ERROR, HINT, INVENTED, WARNING, Rule

_CODING: Final = "SMPP 3.4 §5.2.19"
_UDHI: Final = "SMPP 3.4 §5.2.12; 3GPP TS 23.040 §9.2.3.24"

UCS2_LITTLE_ENDIAN: Final = Rule(
    "ucs2_little_endian",
    "UCS-2 with the low octet first",
    ERROR,
    "phones show other characters: UCS-2 is big-endian on the air",
    "encode as UTF-16BE, without a byte order mark",
    _CODING,
)
UCS2_ODD: Final = Rule(
    "ucs2_odd",
    "UCS-2 of an odd number of octets",
    ERROR,
    "half a character stands at the end, or the text is no UCS-2",
    "encode as UTF-16BE and cut between characters",
    _CODING,
)
UCS2_BOM: Final = Rule(
    "ucs2_bom",
    "UCS-2 with a byte order mark",
    WARNING,
    "the mark is a character too: phones show a box, and one character less fits",
    "encode as UTF-16BE, not UTF-16",
    _CODING,
)
UCS2_NEEDLESS: Final = Rule(
    "ucs2_needless",
    "UCS-2 for a text of plain ASCII",
    HINT,
    "70 characters fit into a message instead of 160, so that it costs up to twice as much",
    "send data_coding 0 when every character is in the GSM alphabet",
    _CODING,
)
UCS2_AS_DEFAULT: Final = Rule(
    "ucs2_as_default",
    "UCS-2 under data_coding 0",
    ERROR,
    "every second character is shown as @",
    "send data_coding 8 with UCS-2",
    _CODING,
)
UTF8_AS_DEFAULT: Final = Rule(
    "utf8_as_default",
    "UTF-8 under data_coding 0",
    ERROR,
    "the default alphabet has no octets from 0x80: the characters are garbled",
    "encode in the GSM alphabet, or as UCS-2 under data_coding 8",
    _CODING,
)
OCTETS_AS_DEFAULT: Final = Rule(
    "octets_as_default",
    "octets from 0x80 under data_coding 0",
    WARNING,
    "this account's default alphabet has no such octets; elsewhere it may be Latin-1",
    "send Latin-1 under data_coding 3, UCS-2 under 8, binary under 4",
    _CODING,
)
UTF8_AS_LATIN1: Final = Rule(
    "utf8_as_latin1",
    "UTF-8 under data_coding 3 (Latin-1)",
    ERROR,
    "each such character is shown as two or more others",
    "encode as Latin-1, or as UCS-2 under data_coding 8",
    _CODING,
)
OCTETS_AS_ASCII: Final = Rule(
    "octets_as_ascii",
    "octets from 0x80 under data_coding 1 (ASCII)",
    WARNING,
    "ASCII has no such octets",
    "send Latin-1 under data_coding 3, UCS-2 under 8",
    _CODING,
)
UDH_UNSOUND: Final = Rule(
    "udh_unsound",
    "UDHI without a sound header",
    ERROR,
    "esm_class says that a user data header comes first, but what comes is none",
    "drop bit 6 of esm_class, or write the header: its length, then its elements",
    _UDHI,
)
UDH_WITHOUT_UDHI: Final = Rule(
    "udh_without_udhi",
    "a concatenation header without UDHI",
    ERROR,
    "the header is shown as text, and the parts as messages of their own",
    "set bit 6 (0x40) of esm_class",
    _UDHI,
)
TOO_LONG_FOR_ONE: Final = Rule(
    "too_long_for_one",
    "more text than one short message holds",
    WARNING,
    "a message has 160 septets or 140 octets, a concatenation header included: SMSCs cut the "
    "rest, cut the text in two, or refuse it",
    "cut the text into segments with a header, or send it as message_payload",
    "SMPP 3.4 §5.2.22; 3GPP TS 23.040 §9.2.3.16",
)
CUT_WITHOUT_UDH: Final = Rule(
    "cut_without_udh",
    "a long text in several messages without a header",
    WARNING,
    "a full message was followed at once by another to the same number, neither with a "
    "concatenation header: phones show pieces, in any order",
    "set UDHI and write a concatenation header, or send message_payload",
    _UDHI,
)
REFERENCE_REUSED: Final = Rule(
    "reference_reused",
    "the same reference for two long messages in a row",
    WARNING,
    "phones put the segments of both messages together",
    "count the reference up with each long message to a number",
    "3GPP TS 23.040 §9.2.3.24.1",
)
SEGMENTS_SPLIT: Final = Rule(
    "segments_split",
    "segments of one message under different references",
    ERROR,
    "no phone puts them together",
    "give all segments of a message the same reference",
    "3GPP TS 23.040 §9.2.3.24.1",
)
SAR_INCOMPLETE: Final = Rule(
    "sar_incomplete",
    "sar_ parameters that are incomplete or disagree",
    ERROR,
    "all three are needed, and sar_segment_seqnum counts from 1 to sar_total_segments",
    "send sar_msg_ref_num, sar_total_segments and sar_segment_seqnum with every segment",
    "SMPP 3.4 §5.3.2.22 to 24",
)
SAR_AND_UDH: Final = Rule(
    "sar_and_udh",
    "sar_ parameters and a header at once",
    WARNING,
    "the segment says twice where it belongs; SMSCs take either, or write a second header",
    "use the one or the other",
    "SMPP 3.4 §5.3.2.22",
)
ESM_CLASS: Final = Rule(
    "esm_class",
    "a reserved or foreign esm_class",
    ERROR,
    "the message type (bits 5 to 2) is none that a client may send: 0, 2 (delivery "
    "acknowledgement) and 4 (user acknowledgement) are",
    "send 0, with bit 6 for a header and bit 7 for a reply path",
    "SMPP 3.4 §5.2.12",
)
REGISTERED_DELIVERY: Final = Rule(
    "registered_delivery",
    "reserved bits of registered_delivery",
    WARNING,
    "bits 7 to 5, or the receipt request 3, mean nothing in SMPP 3.4",
    "send 0 for none, 1 for a receipt, 2 for one on failure",
    "SMPP 3.4 §5.2.17",
)
PRIORITY: Final = Rule(
    "priority",
    "a priority_flag above 3",
    ERROR,
    "priorities are 0 to 3",
    "send 0",
    "SMPP 3.4 §5.2.14",
)
REPLACE_FLAG: Final = Rule(
    "replace_flag",
    "a replace_if_present_flag above 1",
    WARNING,
    "the flag is 0 or 1",
    "send 0",
    "SMPP 3.4 §5.2.18",
)
TIME_MALFORMED: Final = Rule(
    "time_malformed",
    "a time that cannot be read",
    ERROR,
    "schedule_delivery_time or validity_period is not YYMMDDhhmmsstnnp",
    "write 16 characters: the offset in quarter hours and +, -, or R for a length of time",
    "SMPP 3.4 §7.1.1",
)
VALIDITY_PAST: Final = Rule(
    "validity_past",
    "a validity that is over",
    ERROR,
    "validity_period is in the past: the message has expired before it was sent; the usual "
    "mistake is local time without its offset",
    "write the time in UTC with 00+, or a relative time",
    "SMPP 3.4 §5.2.16",
)
SCHEDULE_PAST: Final = Rule(
    "schedule_past",
    "a schedule that is over",
    WARNING,
    "schedule_delivery_time is in the past",
    "leave it empty to send at once",
    "SMPP 3.4 §5.2.15",
)
TLV_UNKNOWN: Final = Rule(
    "tlv_unknown",
    "optional parameters that SMPP 3.4 does not know",
    WARNING,
    "the SMSC skips them",
    "look up the tag; those of SMPP 5.0 need an SMSC of 5.0",
    "SMPP 3.4 §5.3.1",
)
TLV_VENDOR: Final = Rule(
    "tlv_vendor",
    "a vendor's optional parameters",
    HINT,
    "tags 0x1400 to 0x3FFF mean something to one vendor's SMSC only",
    "leave them out where the SMSC is another",
    "SMPP 3.4 §5.3.1",
)
TLV_MISFIT: Final = Rule(
    "tlv_misfit",
    "optional parameters of a wrong length",
    ERROR,
    "the SMSC skips them or refuses the message with ESME_RINVPARLEN",
    "write each with the length that its table says",
    "SMPP 3.4 §5.3.2",
)
TLV_REPEATED: Final = Rule(
    "tlv_repeated",
    "the same optional parameter twice",
    WARNING,
    "the SMSC takes one of them",
    "send each once",
    "SMPP 3.4 §3.2.4",
)
TEXT_TWICE: Final = Rule(
    "text_twice",
    "short_message and message_payload at once",
    ERROR,
    "the SMSC refuses the message: it cannot know which is meant",
    "send sm_length 0 with message_payload",
    "SMPP 3.4 §5.3.2.32",
)
MESSAGE_TOO_LONG: Final = Rule(
    "message_too_long",
    "a short_message above 254 octets, or longer than its PDU",
    ERROR,
    "the SMSC refuses the message with ESME_RINVMSGLEN",
    "send longer texts as message_payload, or in segments",
    "SMPP 3.4 §5.2.21",
)
RESUBMITTED: Final = Rule(
    "resubmitted",
    "the same message again at once",
    HINT,
    "source, destination and text are those of a message of the last two seconds: a loop, or a "
    "client that repeats without waiting for the response",
    "wait for the response, at least the SMSC's response time, before sending again",
    INVENTED,
)

MESSAGE_RULES: Final = (
    UCS2_LITTLE_ENDIAN,
    UCS2_ODD,
    UCS2_BOM,
    UCS2_NEEDLESS,
    UCS2_AS_DEFAULT,
    UTF8_AS_DEFAULT,
    OCTETS_AS_DEFAULT,
    UTF8_AS_LATIN1,
    OCTETS_AS_ASCII,
    UDH_UNSOUND,
    UDH_WITHOUT_UDHI,
    TOO_LONG_FOR_ONE,
    CUT_WITHOUT_UDH,
    REFERENCE_REUSED,
    SEGMENTS_SPLIT,
    SAR_INCOMPLETE,
    SAR_AND_UDH,
    ESM_CLASS,
    REGISTERED_DELIVERY,
    PRIORITY,
    REPLACE_FLAG,
    TIME_MALFORMED,
    VALIDITY_PAST,
    SCHEDULE_PAST,
    TLV_UNKNOWN,
    TLV_VENDOR,
    TLV_MISFIT,
    TLV_REPEATED,
    TEXT_TWICE,
    MESSAGE_TOO_LONG,
    RESUBMITTED,
)
