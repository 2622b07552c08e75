"""Where decisions become durable: the Store protocol and its implementations."""
