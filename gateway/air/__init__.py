"""The contract with handsets: MQTT topics and JSON frames. Pure.

topics                     MSISDN <-> topic
frames                     frames <-> JSON; asyncapi.yaml describes the same for others
mapping                    frames <-> the core's events and decisions
packets (session)          MQTT 3.1.1 as octets, and a client's side of one connection
"""
