"""What the network decides: pure values and rules, no I/O, no clock, no chance.

switch                     start here: what a batch needs to know, and who decides on each event
sms, sending, delivery     short messages: who may send; where they go; how they end, and receipts
desk_sms, desk_verdicts    SMS to 4444, judged at once or later
stored                     the messages that a record of the journal stores
civil_registry             how the desk asks it: quota, outages, lost answers
registry_stub              the same for an operator's own pipeline
desk_changes, desk_replies what the desk's outcomes do to a subscriber; the SMS back
long_sms                   long messages from their parts
multi_sms, orders          one SMS to several; what an ESME orders for one that it sent
reminders, ussd            what a campaign sends to the unregistered; *444# of a phone
outlets, outlet_desk        what an outlet brings; how it is judged
application, verdicts      an operator's own registration application in the desk's place
shadow                     what its replies to phones say, beside what the desk says
calls, data_sessions       calls and data sessions of phones
phones                     phones' coming and going, stages that fall due
ledger                     the facts of a batch as they stand after the decisions so far
barring, ageing, lifetime  what a stage bars; which stage a number is in, by schedule and date
registration/              the desk behind 4444
report/                    what the data is for: counts of registrations
imports, importing         subscribers that a file brings in: its rows; how they are taken
restoring                  how numbers are taken back to a snapshot
events, programme, decision           what can happen; what is asked, known and decided
message, origin            one short message; who sent it, and how it was written
search                     the inbox's search language, and what it finds
moments                    moments and lengths of time as people write them
subscriber, tries          what is known of a SIM, and of its registrations that failed
numbers, causes            MSISDN, NIK, KK; why something is refused
faults, fault_aim          what goes wrong on purpose; when it strikes
receipt_faults, desk_faults   how a receipt, or the desk, goes wrong
chance                     seeded draws and delays: the same again in every run
"""
