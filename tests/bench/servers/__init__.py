"""SMPP servers of others, as small as their libraries let them be, for `tests.bench.neighbours`."""
