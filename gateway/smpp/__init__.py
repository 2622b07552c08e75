"""SMPP 3.4, sans-IO: PDUs, codec, sessions, timers, text, receipts. Knows nothing of 4444."""
