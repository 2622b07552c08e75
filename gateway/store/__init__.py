"""Where decisions become durable: the Store protocol and its implementations.

protocol                   what the flow and the console ask of any store
state                      the network's present state, folded from the journal's records
waiting, identities, verdicts   of it: messages, the numbers on each NIK, pending registrations
ageing                     of it: the stages that fall due
programme                  of it: the campaigns' rounds, how often the registry was asked
from_state                 what every store answers from that
memory                     that state alone: forgets when it ends
sqlite (rows, schema/)     a journal that only grows in one file, tables folded from it behind
migrating                  opens its file, and brings the schema up to date
checkpoints                moves its write-ahead log into it, while commits go on
retention, pruning         how much is kept; deletes the rest from it, a little at a time
loading                    of its tables, what a start reads
in_order                   subscribers by rising number
history                    what it has of the past, page by page
annotations                tags of messages, and what was cleared
lock, files, remedies      one gateway per file; whether it is still there; what to do about it
"""
