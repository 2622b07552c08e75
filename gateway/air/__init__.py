"""The contract with handsets: MQTT topics and JSON frames. Pure."""
