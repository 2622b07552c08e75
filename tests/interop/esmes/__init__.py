"""Real ESMEs of other people, each in a process of its own that takes orders as lines of JSON.

    driver            starts one, tells it what to do, waits for what it says
    lines             the ESME's end of the two pipes, for those in Python
    smpplib_esme  aiosmpplib_esme  smpp34_esme  node_smpp.js  net_smpp.pl

An order is `{"do": NAME, ...}`; each gets one `{"answer": NAME, ...}`. What the SMSC sends by
itself comes as `{"delivered": {...}}` at any time. The orders, with `source` and `destination` as
`[ton, npi, digits]`:

    bind         mode ("transmitter", ...), port, tls, system_id,
                 password; interface_version for those that have it     -> command_status
    submit       source, destination, text, registered_delivery, parts,
                 schedule (schedule_delivery_time)                      -> responses
    query_sm     message_id, source                                     -> command_status, ...
    cancel_sm    message_id, source, destination                        -> command_status
    replace_sm   message_id, source, text                               -> command_status
    data_sm      source, destination, text, registered_delivery,
                 set_dpf                                                -> responses
    submit_multi source, destinations, text                             -> responses, unsuccess
    enquire_link                                                        -> command_status
    unbind                                                              -> command_status

Alphabet, octets and parts are the client's own wherever it has a way of its own.
"""
