"""Reports of a running gateway: counted when somebody asks, in pages between other work."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated

import structlog
from fastapi import Depends, Request

from gateway.console.view import Gateway
from gateway.core.decision import Record
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.report.outlets import Audit
from gateway.core.report.people import People
from gateway.core.report.report import Report, make_report
from gateway.core.report.requests import TOLD_BY, Requests
from gateway.pacing import Pace

log = structlog.get_logger()

_PAGE = 250


class Reports:
    """What became of requests is counted as it is committed; the journal before that, once.

    Subscribers are counted anew for each report, each as it stands when its page is counted.
    """

    def __init__(self, gateway: Gateway, smallest_cell: int) -> None:
        self._gateway = gateway
        self._smallest = smallest_cell
        self._requests = Requests()
        self._one_at_a_time = asyncio.Lock()
        # Records below this are only in the journal.
        self._since = gateway.store.next_seq()
        self._read = self._since == 1
        gateway.feed.watch(self._committed)

    def _committed(self, records: Sequence[Record]) -> None:
        self._requests.fold(records)

    async def make(self) -> Report:
        """Count, and put a report together."""
        async with self._one_at_a_time:
            if not self._read:
                await self._read_journal()
            rules, now = self._gateway.flow.rules, self._gateway.clock.now()
            counts = self._gateway.store.numbers_per_nik
            people = People(rules.schedule, now, counts, rules.report_above)
            async for page in self._gateway.store.in_pages(_PAGE):
                people.add(page)
            return make_report(
                people, self._requests, rules.schedule, now, self._smallest, rules.suspicion
            )

    async def ended(self) -> Mapping[tuple[OutcomeKind, str], int]:
        """Give how often requests ended in which way, and by which rule of the format."""
        async with self._one_at_a_time:
            if not self._read:
                await self._read_journal()
        return self._requests.ended

    async def outlets(self) -> tuple[int, tuple[Audit, ...]]:
        """Give the smallest count that is shown, and how each outlet stands."""
        async with self._one_at_a_time:
            if not self._read:
                await self._read_journal()
        suspicion = self._gateway.flow.rules.suspicion
        return self._smallest, self._requests.outlets.audits(suspicion, self._smallest)

    async def _read_journal(self) -> None:
        """Count what was decided before this gateway started; kept only when all is read."""
        past, pace = Requests(), Pace()
        if self._gateway.store.deleted.records:
            log.warning("requests whose records [retention] has deleted are not counted")
        async for records in self._gateway.store.records(0, TOLD_BY):
            past.fold(record for record in records if record.seq < self._since)
            if records and records[-1].seq >= self._since - 1:
                break
            await pace.rest()
        self._requests.add(past)
        self._read = True


async def _reports_of(request: Request) -> Reports:
    reports: Reports = request.app.state.reports
    return reports


ReportsOfApp = Annotated[Reports, Depends(_reports_of)]
