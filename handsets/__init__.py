"""Virtual phones: one in a terminal, one SMS, or many."""
