"""`handsets fleet`: phones by the thousand, each living a story.

scenario (scenarios/)   stories from TOML: what phones do, what they should see; every mistake
files                   where scenarios are read
life (judging)          one phone living its story, step by step; pure
result                  what became of all lives; pure
play                    the phones on the air
command, lines          the command, and what it shows
"""
