"""Ways in and out of the gateway: MQTT, SMPP, timer, broker. They carry, they never decide."""
