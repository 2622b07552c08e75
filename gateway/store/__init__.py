"""Where decisions become durable: the Store protocol and its implementations.

protocol                   what the flow and the console ask of any store
state                      the network's present state, folded from the journal's records
memory                     that state alone: forgets when it ends
sqlite (rows, schema/)     a journal that only grows in one file, tables folded from it behind
lock, remedies             one gateway per file; what to do when it cannot be used
"""
