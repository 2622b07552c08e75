"""`handsets load`: messages by the thousand, and what became of each.

command (options)              the command, its options, and what they mean together
profile (reading, profiles/)   what to send, from TOML; every mistake at once
files                          where profiles and recorded moments are read
curve, people, plan            when, by whom, and so the messages themselves; from a seed
job, target                    what one sender is to do, and where
run                            hands over each message at its time
smpp (smpp_link), mqtt         carry messages over SMPP, and those of phones over MQTT
arrivals                       phones that come before a run
book (tally, latency)          what became of each, in numbers that add up without loss
conduct (metrics, screen)      a run from start to result; the target's metrics; progress
crew, words, roll              a run by several agents, over a broker
agent, workers                 one of them; agents on this machine
watch, expect                  whether it is to be ended early; thresholds
result, lines                  what it came to, as a value and as text
report (report_style, charts)  and as an HTML page
"""
