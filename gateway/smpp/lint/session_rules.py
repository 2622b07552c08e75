"""The rules on sessions: how a client binds, keeps a session, counts, waits and ends."""

from typing import Final

from gateway.smpp.lint.rules import ERROR, HINT, INVENTED, WARNING, Rule

BIND_PER_MESSAGE: Final = Rule(
    "bind_per_message",
    "a session for every message",
    WARNING,
    "sessions that bind, send one message and end: most of the SMSC's work is for the binds",
    "bind once and send all messages over that session",
    INVENTED,
)
NO_UNBIND: Final = Rule(
    "no_unbind",
    "closed without unbind",
    WARNING,
    "the connection ended without unbind: the SMSC cannot tell it from a crash, and what was on "
    "the way to the client is repeated",
    "send unbind, wait for unbind_resp, then close",
    "SMPP 3.4 §4.2",
)
NEVER_BOUND: Final = Rule(
    "never_bound",
    "connections that never bind",
    HINT,
    "a connection was opened and ended without a bind: a probe, or a client that gave up",
    "bind right after connecting; probe the port less often",
    "SMPP 3.4 §7.2 session_init_timer",
)
WRONG_PASSWORD: Final = Rule(
    "wrong_password",
    "the wrong password again and again",
    ERROR,
    "binds went on after ESME_RINVPASWD: SMSCs lock accounts or addresses for that",
    "stop after ESME_RINVPASWD until the configuration is corrected",
    INVENTED,
)
UNKNOWN_SYSTEM_ID: Final = Rule(
    "unknown_system_id",
    "a system_id that no account has",
    ERROR,
    "the bind was refused with ESME_RINVSYSID",
    "use the system_id of an account; it is case-sensitive and has at most 15 characters",
    "SMPP 3.4 §5.2.1",
)
BIND_REFUSED: Final = Rule(
    "bind_refused",
    "a bind that the account does not allow",
    ERROR,
    "the bind was refused with ESME_RBINDFAIL: from this address, without TLS or its certificate, "
    "or with such an address_range the account may not bind; the gateway's log says which",
    "agree with the SMSC's operator from where and how to bind",
    "SMPP 3.4 §4.1, ESME_RBINDFAIL",
)
TOO_MANY_BINDS: Final = Rule(
    "too_many_binds",
    "binds while earlier sessions still stand, or too fast",
    WARNING,
    "a bind was refused while sessions of the account stood, or more binds came in a second than "
    "it may have: the client reconnects before its last session is over",
    "unbind first; wait between tries, longer each time",
    "SMPP 3.4 §4.1, ESME_RBINDFAIL and ESME_RALYBND",
)
BOUND_TWICE: Final = Rule(
    "bound_twice",
    "a bind on a bound session",
    ERROR,
    "the session was bound already: ESME_RALYBND",
    "bind once for each connection; open another connection for another bind",
    "SMPP 3.4 §2.2",
)
INTERFACE_VERSION: Final = Rule(
    "interface_version",
    "an odd interface_version",
    WARNING,
    "interface_version is neither 0x33, 0x34 nor 0x50, so that the SMSC guesses what the client "
    "understands; 34 in decimal (0x22) is the usual mistake",
    "send 0x34",
    "SMPP 3.4 §5.2.4",
)
TLVS_BEFORE_34: Final = Rule(
    "tlvs_before_34",
    "optional parameters of a client older than 3.4",
    WARNING,
    "the bind said that the client speaks less than 3.4, where there are no optional parameters",
    "bind with interface_version 0x34, or leave the optional parameters out",
    "SMPP 3.4 §3.3",
)
ENQUIRE_LINK_UNANSWERED: Final = Rule(
    "enquire_link_unanswered",
    "enquire_link was not answered",
    ERROR,
    "the client left the SMSC's enquire_link without an answer and lost its session for it",
    "answer every enquire_link at once, also while messages wait",
    "SMPP 3.4 §4.11",
)
NO_ENQUIRE_LINK: Final = Rule(
    "no_enquire_link",
    "no enquire_link over long silence",
    HINT,
    "the client was silent for more than a minute and never asked whether the SMSC is there: "
    "firewalls drop such connections, and it notices only when it sends",
    "send enquire_link after 30 to 60 seconds of silence",
    "SMPP 3.4 §2.9, §7.2 enquire_link_timer",
)
ENQUIRE_LINK_FLOOD: Final = Rule(
    "enquire_link_flood",
    "enquire_link all the time",
    HINT,
    "more than ten enquire_link in a second",
    "send enquire_link only after silence",
    INVENTED,
)
THROTTLE_IGNORED: Final = Rule(
    "throttle_ignored",
    "no slower after ESME_RTHROTTLED or ESME_RMSGQFUL",
    ERROR,
    "the SMSC said that it is too much, and the client went on at the same pace: what it sends "
    "is refused, and SMSCs end such sessions",
    "wait a second after such a response, then send slower, and the refused message again",
    "SMPP 3.4 §5.1.3",
)
WINDOW_EXCEEDED: Final = Rule(
    "window_exceeded",
    "more unanswered requests than allowed",
    WARNING,
    "the client had more requests on the way than the SMSC's window",
    "limit the requests without an answer to what the SMSC's operator names, often 10",
    "SMPP 3.4 §2.9",
)
WINDOW_LARGE: Final = Rule(
    "window_large",
    "more than a thousand unanswered requests",
    HINT,
    "the client does not limit what is on the way: when the session dies it cannot know which "
    "of so many messages were taken",
    "limit the requests without an answer; 10 to 100 fill any line",
    "SMPP 3.4 §2.9",
)
SEQUENCE_ZERO: Final = Rule(
    "sequence_zero",
    "sequence_number 0",
    WARNING,
    "sequence numbers run from 1; 0 is for a nack of what could not be read",
    "begin with 1",
    "SMPP 3.4 §5.1.4",
)
SEQUENCE_HIGH: Final = Rule(
    "sequence_high",
    "a sequence_number above 0x7FFFFFFF",
    ERROR,
    "the number is outside its range; a peer with signed integers reads it as negative",
    "go on with 1 after 0x7FFFFFFF",
    "SMPP 3.4 §5.1.4",
)
SEQUENCE_NOT_RISING: Final = Rule(
    "sequence_not_rising",
    "sequence numbers that do not rise",
    HINT,
    "a request had no higher number than the one before it: logs and captures cannot be followed",
    "number requests 1, 2, 3 and so on in each session",
    "SMPP 3.4 §3.2",
)
SEQUENCE_REPEATED: Final = Rule(
    "sequence_repeated",
    "a sequence_number twice without an answer between",
    ERROR,
    "two requests wait under the same number, so that their responses cannot be told apart",
    "give each request a number of its own",
    "SMPP 3.4 §5.1.4",
)
RESPONSE_TO_NOTHING: Final = Rule(
    "response_to_nothing",
    "a response to nothing that was asked",
    WARNING,
    "a response came whose sequence_number or command_id fits no request of the SMSC",
    "answer with the request's own sequence_number, once",
    "SMPP 3.4 §2.9",
)
DELIVER_UNANSWERED: Final = Rule(
    "deliver_unanswered",
    "deliver_sm was not answered",
    ERROR,
    "without deliver_sm_resp in time the SMSC sends the message again and again",
    "answer every deliver_sm at once, before the message is worked on",
    "SMPP 3.4 §4.6, §7.2 response_timer",
)
DELIVER_LATE: Final = Rule(
    "deliver_late",
    "deliver_sm was answered too late",
    WARNING,
    "the answer came when the SMSC had given up on it, so the message comes again",
    "answer deliver_sm at once, before the message is worked on",
    "SMPP 3.4 §7.2 response_timer",
)
DELIVER_REFUSED: Final = Rule(
    "deliver_refused",
    "every deliver_sm was answered with an error",
    ERROR,
    "not one deliver_sm was accepted: receipts and incoming messages are lost",
    "answer with ESME_ROK what was received; bind as transmitter if nothing is to come",
    "SMPP 3.4 §4.6.2",
)
DELIVER_NACKED: Final = Rule(
    "deliver_nacked",
    "deliver_sm was answered with generic_nack",
    ERROR,
    "the client does not know deliver_sm or could not read it",
    "answer with deliver_sm_resp; bind as transmitter if nothing is to come",
    "SMPP 3.4 §4.3, §4.6.2",
)
RESPONSE_MALFORMED: Final = Rule(
    "response_malformed",
    "a response that cannot be read",
    WARNING,
    "the body of a response is not as the specification says",
    "deliver_sm_resp has an empty message_id: one NUL octet",
    "SMPP 3.4 §4.6.2",
)
MALFORMED: Final = Rule(
    "malformed",
    "a PDU that cannot be read",
    ERROR,
    "the body's fields or optional parameters do not hold together",
    "compare the PDU's octets with the tables of chapter 4",
    "SMPP 3.4 chapter 4",
)
FRAMING_LOST: Final = Rule(
    "framing_lost",
    "no SMPP, or a wrong command_length",
    ERROR,
    "command_length was below 16 or above what is taken: the session cannot go on",
    "count all octets of the PDU, its length field included",
    "SMPP 3.4 §3.2",
)
UNKNOWN_COMMAND: Final = Rule(
    "unknown_command",
    "a command_id that SMPP 3.4 does not know",
    ERROR,
    "the request was answered with generic_nack ESME_RINVCMDID",
    "use the operations of SMPP 3.4 only; broadcast_sm and the like are 5.0",
    "SMPP 3.4 §4.3, §5.1.2.1",
)
WRONG_STATE: Final = Rule(
    "wrong_state",
    "a request in the wrong bind state",
    ERROR,
    "the request is not allowed before the bind, or in a session bound as the client bound it",
    "bind first; bind as transceiver to send and receive",
    "SMPP 3.4 §2.3",
)

SESSION_RULES: Final = (
    BIND_PER_MESSAGE,
    NO_UNBIND,
    NEVER_BOUND,
    WRONG_PASSWORD,
    UNKNOWN_SYSTEM_ID,
    BIND_REFUSED,
    TOO_MANY_BINDS,
    BOUND_TWICE,
    INTERFACE_VERSION,
    TLVS_BEFORE_34,
    ENQUIRE_LINK_UNANSWERED,
    NO_ENQUIRE_LINK,
    ENQUIRE_LINK_FLOOD,
    THROTTLE_IGNORED,
    WINDOW_EXCEEDED,
    WINDOW_LARGE,
    SEQUENCE_ZERO,
    SEQUENCE_HIGH,
    SEQUENCE_NOT_RISING,
    SEQUENCE_REPEATED,
    RESPONSE_TO_NOTHING,
    DELIVER_UNANSWERED,
    DELIVER_LATE,
    DELIVER_REFUSED,
    DELIVER_NACKED,
    RESPONSE_MALFORMED,
    MALFORMED,
    FRAMING_LOST,
    UNKNOWN_COMMAND,
    WRONG_STATE,
)
