"""Ways in and out of the gateway: MQTT, SMPP, timer, broker. They carry, they never decide.

phones                     the phones' link, whichever the configuration wants
nearby                     the link of phones in this process, without a broker
mqtt (mqtt_client)         the handsets' link, and its connection to the broker
mqtt_probe                 how long a frame takes through the broker and back
mqtt_intake, mqtt_phones   what phones send becomes events; which phones are on
outbox                     frames that wait for the broker
broker                     the embedded MQTT broker
smpp_smscs                 all SMSCs of the process
smpp_server, smpp_peer     the SMPP server of one; one connection of it
smpp_pipe                  its octets: one write a turn, reading while there is room
smpp_bound, smpp_exchange  a bound ESME; what all connections share
smpp_account, smpp_door     an account; who may bind as it
smpp_outbind                connects to ESMEs and asks them to bind
smpp_binding, smpp_view     an accepted bind; what is shown of it
smpp_caller                 what is known of who binds
smpp_sources                the source addresses that an account is limited to
smpp_gate                   holds an account to its rate and window
smpp_routes                which account and session an address_range or short code leads to
smpp_faults, smpp_fault_board, smpp_malformed   what goes wrong on purpose
smpp_asks                  requests of one read -> events (smpp_mapping, smpp_multi, smpp_orders,
                           smpp_parts)
smpp_inject                the same for PDUs that came over no connection
smpp_responses             what was decided -> the response; pure, as those before and after
smpp_transactions          messages that are answered when they have ended
smpp_outbound              what a bound ESME is sent, within the window
smpp_pieces, smpp_delivery   message -> the PDUs that carry it (smpp_segments: long ones)
smpp_watch (smpp_tap)      client lint and PDU log of the accounts; the tap on a connection
capture (pcap)             a file of what was said, for Wireshark
smpp_rebuilt (smpp_masked)  a stored message -> the PDUs that it came and went by; rebuilt_pcap
                           writes such to a file
smpp_alarm                 wakes a connection when its timers have something due
tally                      tells of what happens often without flooding the log
timer, sweep               the calendar: what falls due becomes events; in bulk, at a rate
campaigns, rounds          reminders to the unregistered; one round of them
"""
