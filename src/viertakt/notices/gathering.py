"""What is told by mail is gathered until the mail goes: by operation at once, or with the hour's or the day's digest."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection

from viertakt.notices import deliveries, store
from viertakt.notices.deliveries import NewMail
from viertakt.notices.model import Setting, Told
from viertakt.notices.rules_timing import due_at, thinned, topic

HOUR = timedelta(hours=1)


def gather(conn: Connection[Any], told: Sequence[Told], now: datetime) -> None:
    """A mail for each person and topic, and which notice goes with which; in the transaction that writes the notices."""
    if not told:
        return
    people = {one.actor for one in told}
    settings = store.settings_of(conn, people)
    sent = deliveries.mails_within(conn, people, since=now - HOUR)
    mails: list[NewMail] = []
    for one in told:
        pace = thinned(one.channels.mail, sent.get(one.actor, 0))
        sent[one.actor] = sent.get(one.actor, 0) + 1
        setting = settings.get(one.actor, Setting())
        mails.append(NewMail(one.actor, topic(pace, one.line.entry.operation_id), due_at(pace, setting, now)))
    ids = deliveries.gather(conn, mails)
    links = [
        (one.actor, one.line.entry.operation_id, one.line.entry.seq, ids[mail.endpoint, mail.topic])
        for one, mail in zip(told, mails, strict=True)
    ]
    deliveries.link_notices(conn, links)
