"""The registration desk behind 4444: grammar, rules, civil registry, replies.

grammar, requests          an SMS text -> what it asks for, or the rule that it breaks
profiles                   the operators: their prefixes, their formats, how strictly they read
desk (outcomes)            what becomes of a request
replies                    the SMS that goes back, with the provenance of each text
citizens                   the civil registry: people computed from a seed
families, names, regions   the shapes, names and places that citizens are computed from
"""
