"""The client lint: what an ESME does wrong or unwisely, told to its developers. Pure.

`session.SessionLint` is fed once a read and once a write; it needs well below a microsecond a
message, because above some thousand messages a second only stretches are looked at closely
(`Seen.checked` says how many). All memory is bounded.

    rules                           what a rule is
    session_rules, message_rules, address_rules    the tables of rules
    findings                        counts, first examples, the report
    account, session                what is remembered of an account and of one session
    message (coding, addresses, flags)             what one message has wrong
    segments, repeats, pace, sequences             what only several requests show
"""
