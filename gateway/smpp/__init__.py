"""SMPP 3.4, sans-IO: PDUs, codec, sessions, timers, text, receipts. Knows nothing of 4444.

Start with `session` (how to run one end of a connection) and `pdu` (what is said):

    codes, errors                     names of numbers; what to do about mistakes
    pdu (pdu_link)                    one value type per PDU
    fields, tlvs                      the tables of mandatory and optional parameters
    codec (wire, fast, framing)       octets <-> PDU; `fast` is the hot path
    session (sending, states, window, items; misspeaking: faults on purpose)
    timers, rate                      when something is due; how fast an ESME may submit
    message, text, data_coding        what a message says, and in which alphabet
    gsm, national, septets            GSM 7-bit: its tables, and packed
    udh, segmentation, reassembly     headers; long messages into segments and back
    address_range (regex)             the addresses that a bind serves, safely matched
    receipt (receipt_form)            writes delivery receipts in the form of one SMSC
    receipt_presets, receipt_reading  forms of real SMSCs; reads any receipt
    smpp_time, rules                  times; what an SMSC refuses
    show, pdu_ring                    a PDU for people; the last ones of an account
    exchange                          requests with their answers, numbered
    lint/                             what a client does wrong, told to its developers
"""
