"""Many MQTT connections in one process, a few kilobytes each, without a task or timer for any.

wheel                what is due when, for all of them; pure
wire                 one connection: a session of gateway.air and its transport
wires                all of them: dialled, flushed and kept alive together
"""
