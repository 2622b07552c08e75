"""What the data is for: counts of registrations, of which nobody can be picked out.

report                     start here: all tables of a report, put together
people, identity           counts of subscribers; what a NIK says of its holder
requests                   counts of what became of SMS to the desk, folded from the journal
outlets                    what outlets registered, and what of it looks wrong
tables                     a table of counts, and what of it must not be shown
"""
