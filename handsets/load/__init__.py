"""`handsets load`: messages by the thousand, and what became of each.

profile (reading, profiles/)   what to send, from TOML; every mistake at once
files                          where profiles and recorded moments are read
curve, people, plan            when, by whom, and so the messages themselves; from a seed
tally, latency                 what was counted and measured; adds up without loss
expect                         thresholds
"""
