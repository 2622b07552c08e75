"""SMS gateway simulator of Indonesia's prepaid-SIM registration.

The way of an event, and where to read it:

    links/ (mqtt, smpp_server, timer), console/   make events
    flow.py         events -> questions -> facts -> decisions -> commit
    core/           decides: switch.py routes, barring.py and ageing.py bar,
                    registration/ is the desk behind 4444
    store/          makes decisions durable, answers the questions
    courier.py      gives committed messages to the link that holds their receiver (lanes.py)
    smpp/, air/     how SMPP and the handsets' frames read and write; pure
    clock.py        the calendar that all of it lives by
    pacing.py       long work on the loop in small pieces with rests between
    config/         config.toml -> the values that node.py builds from
    node.py         builds all of it and runs it; listening.py opens its ports
    quick_ack.py    has what is read acknowledged at once
    descriptors.py  how many sockets may be open
    cli.py          the commands; cli_remote.py those that act on a running gateway;
                    cli_faults.py what goes wrong in it on purpose; cli_smpp.py those about SMPP;
                    cli_lint.py what its ESMEs' clients do wrong;
                    cli_data.py what files bring in and take out (cli_import.py, cli_export.py,
                    cli_report.py);
                    cli_running.py looks into it: cli_messages.py what was sent,
                    cli_sessions.py who is bound,
                    cli_differences.py what one's own registration application does otherwise,
                    cli_sweep.py how far the barring in bulk has come,
                    cli_campaign.py begins reminders, cli_outlet.py registers as an outlet does;
                    cli_pics.py says what of SMPP there is, line by line, from pics.py
    demo/           the narrated demonstration; story.py is its story as data
    testing/        the whole gateway inside a test, and the pytest plugin
    systemd.py      tells systemd that the gateway is ready, lives, stops
    traces/         OpenTelemetry traces, where they are wanted
    figures.py      counts how the flow does
    terminal.py, logs.py   what people read on stdout, and on stderr
"""
