"""What was decided, to the response that tells it."""

from __future__ import annotations

import pytest

from gateway.core.causes import Cause
from gateway.core.decision import NOTED, Accepted, Denied
from gateway.links.smpp_responses import STATUS_BY_CAUSE, response_to, status_of
from gateway.smpp.codes import CommandStatus
from gateway.smpp.pdu import SubmitSmResp
from tests.gateway.links.test_smpp_mapping import A2P, HANDSET, QA, event, submit

MO = event(submit(HANDSET, "4444"), QA)
MT = event(submit("BANK", HANDSET), A2P)


def test_accepted() -> None:
    assert response_to(submit(HANDSET, "4444"), MO, Accepted(4711)) == SubmitSmResp(7, 0, "4711")


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_has_a_status(cause: Cause) -> None:
    assert STATUS_BY_CAUSE[cause] is not CommandStatus.ESME_ROK
    for one in (MO, MT):
        response = response_to(submit(HANDSET, "4444"), one, Denied(cause))
        assert response == SubmitSmResp(7, status_of(one, Denied(cause)))
        assert response.command_status


def test_statuses_that_clients_go_by() -> None:
    barred = Denied(Cause.OPERATOR_DETERMINED_BARRING)
    assert status_of(MO, barred) is CommandStatus.ESME_RSUBMITFAIL
    unknown = Denied(Cause.UNKNOWN_SUBSCRIBER)
    assert status_of(MT, unknown) is CommandStatus.ESME_RINVDSTADR
    assert status_of(MO, unknown) is CommandStatus.ESME_RINVSRCADR
    assert status_of(MO, Denied(Cause.UNASSIGNED_NUMBER)) is CommandStatus.ESME_RINVDSTADR
    assert status_of(MO, Denied(Cause.CONGESTION)) is CommandStatus.ESME_RMSGQFUL
    assert status_of(MO, NOTED) is CommandStatus.ESME_RSYSERR
