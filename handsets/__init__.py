"""Virtual phones: one in a terminal, one SMS, or many.

cli, options, arguments    the command `handsets`, its options, and what they may be
handset (happenings)       what one phone knows and does; pure
radio, place, broker       a phone's MQTT connection; where a server is, how to get in
tls_socket                 what that goes through over TLS
switchboard, mqtt/         thousands of phones on lean connections (trunk: one each, or shared)
errands, calling, outcome  one SMS, data session or call over MQTT, and how it ended
esme, smpp_session         the same SMS over SMPP
phone, commands            the interactive phone, and what its owner can type
tables                     TOML of the package or the user's, by name
lines                      all of it as text for people
fleet/, load/              phones by the thousand that live stories; the load tool
"""
