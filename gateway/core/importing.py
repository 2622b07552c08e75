"""How subscribers that are brought in by a file become those of the network."""

from __future__ import annotations

from gateway.core.decision import Change, Decision, Imported, Outgoing, SubscriberChanged
from gateway.core.desk_changes import count_number
from gateway.core.imports import ImportRefusal, ImportRow, SubscribersImported
from gateway.core.ledger import Ledger, replace
from gateway.core.phones import enter_stage
from gateway.core.registration.profiles import operator_of
from gateway.core.subscriber import BlockStage, Status, Subscriber


def subscribers_imported(event: SubscribersImported, ledger: Ledger) -> Decision:
    """Take each row that can be; the answer names the others by their place.

    What an operator's file says of an identity is believed: neither the civil registry nor the
    limit of numbers per NIK is asked, as outlets registered above it too (domain.md 3.1).
    """
    changes: list[Change] = []
    outgoing: list[Outgoing] = []
    refused: list[tuple[int, ImportRefusal]] = []
    updated = 0
    for place, row in enumerate(event.rows):
        known = ledger.facts.subscribers.get(row.msisdn)
        refusal = _refusal(row, known, event.update, ledger.now)
        if refusal is not None:
            refused.append((place, refusal))
            continue
        updated += known is not None
        subscriber = _subscriber(row, known, ledger)
        if known is not None:
            count_number(known, -1, ledger)
        count_number(subscriber, 1, ledger)
        take(subscriber, ledger, changes, outgoing)
    made = len(event.rows) - len(refused) - updated
    why = f"subscribers imported: {made} new, {updated} updated, {len(refused)} refused"
    return Decision(Imported(made, updated, tuple(refused)), why, tuple(changes), tuple(outgoing))


def _refusal(
    row: ImportRow, known: Subscriber | None, update: bool, now: int
) -> ImportRefusal | None:
    if known is not None and not update:
        return ImportRefusal.KNOWN
    wrong = _identity_refusal(row)
    if wrong is not None:
        return wrong
    ended_at = row.expires_at if row.status is Status.EXPIRED else None
    if max(row.registered_at or 0, row.first_seen_at or 0, ended_at or 0) > now:
        return ImportRefusal.IN_FUTURE
    return None


def _identity_refusal(row: ImportRow) -> ImportRefusal | None:
    citizen, foreigner = row.nik is not None or row.kk is not None, row.foreigner is not None
    if not row.status.registered:
        unexpected = citizen or foreigner or row.registered_at is not None
        return ImportRefusal.IDENTITY_UNEXPECTED if unexpected else None
    if foreigner:
        return ImportRefusal.TWO_IDENTITIES if citizen else None
    missing = row.nik is None or row.kk is None
    return ImportRefusal.IDENTITY_MISSING if missing else None


def _subscriber(row: ImportRow, known: Subscriber | None, ledger: Ledger) -> Subscriber:
    now = ledger.now
    registered_at = (row.registered_at or now) if row.status.registered else None
    if known is None:
        return Subscriber(
            msisdn=row.msisdn,
            operator=operator_of(row.msisdn, ledger.rules.profiles).name,
            status=row.status,
            first_seen_at=row.first_seen_at or registered_at or now,
            notice_at=row.notice_at,
            registered_at=registered_at,
            nik=row.nik,
            kk=row.kk,
            expires_at=row.expires_at,
            outlet=row.outlet,
            foreigner=row.foreigner,
        )
    # A number that ages on goes on from the stage that it was told last.
    ages_on = known.status is row.status is Status.UNREGISTERED
    return replace(
        known,
        status=row.status,
        first_seen_at=row.first_seen_at or known.first_seen_at,
        notice_at=row.notice_at if row.notice_at is not None else known.notice_at,
        registered_at=registered_at,
        nik=row.nik,
        kk=row.kk,
        expires_at=row.expires_at if row.expires_at is not None else known.expires_at,
        outlet=row.outlet or known.outlet,
        foreigner=row.foreigner,
        announced=known.announced if ages_on else BlockStage.OPEN,
        tries=known.tries if ages_on else None,
    )


def take(
    subscriber: Subscriber, ledger: Ledger, changes: list[Change], outgoing: list[Outgoing]
) -> None:
    """Write it ahead; what a new status bars of a number in use ends."""
    if subscriber.has_phone or subscriber.data_ref or subscriber.call_id:
        entered = enter_stage(subscriber, ledger)
        changes += entered[0]
        outgoing += entered[1]
    else:
        changes.append(SubscriberChanged(ledger.put(subscriber)))
