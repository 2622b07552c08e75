"""SMS gateway simulator of Indonesia's prepaid-SIM registration.

The way of an event, and where to read it:

    links/ (mqtt, smpp_server, timer), console/   make events
    flow.py         events -> questions -> facts -> decisions -> commit
    core/           decides: switch.py routes, barring.py and ageing.py bar,
                    registration/ is the desk behind 4444
    store/          makes decisions durable, answers the questions
    courier.py      gives committed messages to the link that holds their receiver
    smpp/, air/     how SMPP and the handsets' frames read and write; pure
    node.py         builds all of it from config.py's values and runs it
    cli.py          the commands
"""
