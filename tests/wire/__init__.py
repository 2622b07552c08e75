"""The bar on the wire: raw octets against a running server, over loopback TCP.

    bar           the cases' register, and the list they are held against
    speaking      octets that no sound client would write, and looks at what comes back
    binding, submitting, ordering, receipts, framing      the cases, each named as in the list
    test_bar      runs every case; none of the list may be missing
    test_neighbours      what was seen to break other servers
    test_between_esmes   what goes along from one ESME to another
    test_storms   malformed input in masses, beside a healthy account

No case uses the codec under test: octets are put together by `struct` and hand
(tests.gateway.links.esme, speaking).
"""
