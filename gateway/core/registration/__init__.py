"""The registration desk behind 4444: grammar, rules, civil registry, replies.

grammar, requests          an SMS text -> what it asks for, or the rule that it breaks
ussd                       the USSD services that tell a number's status
profiles                   the operators: their prefixes, their formats, how strictly they read
desk                       what becomes of a request
cases, outcomes            what is known when it is judged; how it ends
asking, services           checking and giving up a number; who offers that, in which form
waiting                    who sends again before the verdict
failures                   five failures: the statement of truth, or the lock
replies, catalogue         the SMS that goes back; its texts, each with its provenance
reply_reading              what a reply says that another wrote
citizens                   the civil registry: people computed from a seed
records, listed            who has trouble with it; people listed in its place
families, names, regions   the shapes, names and places that citizens are computed from
papers                     digits of a NIK or KK that are wrong as people's were
"""
