"""Many MQTT connections in one process, a few kilobytes each, without a task or timer for any.

packets (session)    MQTT 3.1.1 as octets, and one connection's state; pure, no I/O
wheel                what is due when, for all of them; pure
wire                 one connection
wires                all of them: dialled, flushed and kept alive together
"""
