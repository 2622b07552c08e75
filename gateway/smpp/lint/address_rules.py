"""The rules on addresses: TON, NPI and what stands in source_addr and destination_addr."""

from typing import Final

from gateway.smpp.lint.rules import ERROR, HINT, WARNING, Rule

_TON: Final = "SMPP 3.4 §5.2.5"
_NPI: Final = "SMPP 3.4 §5.2.6"

DESTINATION_EMPTY: Final = Rule(
    "destination_empty",
    "no destination",
    ERROR,
    "destination_addr is empty, so the message goes nowhere",
    "give the number to send to",
    "SMPP 3.4 §5.2.9",
)
DESTINATION_NAME: Final = Rule(
    "destination_name",
    "a destination that is no number",
    ERROR,
    "destination_addr has letters, or TON 5 (alphanumeric), which only a source may have",
    "send to digits",
    _TON,
)
ADDRESS_TOO_LONG: Final = Rule(
    "address_too_long",
    "an address that is too long",
    ERROR,
    "an international number has at most 15 digits (E.164), any address at most 20 characters",
    "cut nothing: find out what was put into the address",
    "SMPP 3.4 §5.2.8, §5.2.9",
)
PLUS_SIGN: Final = Rule(
    "plus_sign",
    "an address with a plus sign",
    WARNING,
    "+ is how people write that a number is international; on the wire TON 1 says it",
    "drop the +, send TON 1 and NPI 1",
    _TON,
)
ADDRESS_CHARACTERS: Final = Rule(
    "address_characters",
    "an address with blanks or punctuation",
    WARNING,
    "blanks, dashes or brackets stand in a number, and many SMSCs do not read them",
    "send digits only",
    "SMPP 3.4 §5.2.8, §5.2.9",
)
INTERNATIONAL_AS_NATIONAL: Final = Rule(
    "international_as_national",
    "an international number with TON 2 (national)",
    WARNING,
    "the SMSC may put its own country code in front of the number's",
    "send TON 1 and NPI 1",
    _TON,
)
INTERNATIONAL_AS_UNKNOWN: Final = Rule(
    "international_as_unknown",
    "an international number with TON 0 (unknown)",
    HINT,
    "the SMSC guesses what kind of number it is; each guesses in its own way",
    "send TON 1 and NPI 1",
    _TON,
)
NATIONAL_AS_INTERNATIONAL: Final = Rule(
    "national_as_international",
    "a national number with TON 1 (international)",
    WARNING,
    "no country code begins with 0: the number is read as one of no country",
    "send the country code instead of the leading 0, or TON 2",
    _TON,
)
SHORT_CODE_AS_INTERNATIONAL: Final = Rule(
    "short_code_as_international",
    "a short code with TON 1 (international)",
    WARNING,
    "a short code belongs to the network alone; as an international number it is incomplete",
    "send TON 3 (network specific), 6 (abbreviated) or 0, with NPI 0 or 1",
    _TON,
)
DIGITS_AS_NAME: Final = Rule(
    "digits_as_name",
    "digits with TON 5 (alphanumeric)",
    WARNING,
    "the source is shown as a name, so that nobody can answer to it",
    "send a number with TON 1",
    _TON,
)
NAME_TOO_LONG: Final = Rule(
    "name_too_long",
    "a sender name of more than 11 characters",
    WARNING,
    "the air interface carries 11 characters of a name: SMSCs cut or refuse longer ones",
    "use 11 characters or fewer",
    "3GPP TS 23.040 §9.1.2.5",
)
NAME_WITHOUT_TON: Final = Rule(
    "name_without_ton",
    "a sender name without TON 5 (alphanumeric)",
    WARNING,
    "letters in an address of digits: SMSCs refuse it or drop the letters",
    "send TON 5 and NPI 0",
    _TON,
)
TON_UNLISTED: Final = Rule(
    "ton_unlisted",
    "a TON or NPI that the specification does not list",
    WARNING,
    "TON is 0 to 6; NPI is 0, 1, 3, 4, 6, 8, 9, 10, 14 or 18",
    "send TON 1 and NPI 1 for international numbers",
    f"{_TON}, §5.2.6",
)
NPI_ODD: Final = Rule(
    "npi_odd",
    "an NPI that does not fit the TON",
    HINT,
    "international numbers are of the ISDN plan (1), names of none (0)",
    "send NPI 1 with TON 1, NPI 0 with TON 5",
    _NPI,
)

ADDRESS_RULES: Final = (
    DESTINATION_EMPTY,
    DESTINATION_NAME,
    ADDRESS_TOO_LONG,
    PLUS_SIGN,
    ADDRESS_CHARACTERS,
    INTERNATIONAL_AS_NATIONAL,
    INTERNATIONAL_AS_UNKNOWN,
    NATIONAL_AS_INTERNATIONAL,
    SHORT_CODE_AS_INTERNATIONAL,
    DIGITS_AS_NAME,
    NAME_TOO_LONG,
    NAME_WITHOUT_TON,
    TON_UNLISTED,
    NPI_ODD,
)
