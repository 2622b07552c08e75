"""The web: REST API for QA and trainers; acts only by sending events into the flow.

server                     serves it in the gateway's own event loop
view                       what the console sees of a running gateway
api                        /api/v1, put together of numbers_api (subscribers, messages) and
                           network_api (clock, citizens, health), smpp_api (accounts,
                           sessions), faults_api (what goes wrong on purpose; fault_bodies is
                           its JSON), import_api (subscribers from a file), export_api
                           (subscribers, journal, call records to a file), watch_api (client
                           lint and PDUs; watch_answers is its JSON), registrations_api (what
                           an operator's own application tells), outlets_api (what
                           outlets register), registry_api (the
                           civil registry for such an application), sweep_api,
                           campaigns_api (reminders)
inbox, inbox_api           messages found by the search language, followed, tagged, cleared;
                           inbox_export writes them to a file; pdu_api: their PDUs
snapshots_api              numbers and faults taken back to what they were
webhooks (webhooks_api)    messages posted to other programs
inject_api, sms_body       SMS, calls, data sessions, USSD as a phone or an ESME sends them
page, page_api             the console's page as the server keeps it: phones, feed, lesson
page_phones, page_feed     its handsets; what all viewers are sent, sampled (page_events)
page_totals                its counters and charts
pages_files                /console: the page's own files, in the folder pages
lessons, lessons_api       scripted scenarios, in the folder lessons (lesson_player,
                           lesson_steps,
                           lesson_backstage)
fault_switch               sets of faults switched on and off
metrics                    /metrics for Prometheus, read when it asks
answers                    the network's values as JSON
subscriber_csv             subscribers as lines of a CSV file, both ways
call_records               calls and data sessions that ended, by column
csv_lines                  lines of CSV as they are written
reports, report_api        counts of registrations, as JSON, CSV and a page (report_page, charts)
journal_lines              records of the journal as JSON lines, masked
tokens (login_api)         who may read, and who may act; how a browser shows its token
bodies                     what is sent is read as JSON, whatever it is called
polling                    long polls: messages as they are committed
problems                   errors as problem details
docs_page                  /docs, without anything from the network
"""
