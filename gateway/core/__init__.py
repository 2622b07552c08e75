"""What the network decides: pure values and rules, no I/O, no clock, no chance."""
