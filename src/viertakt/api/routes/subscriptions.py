"""What the caller wants to hear of, how and when: subscriptions, the matrix with its hours, and what is muted."""

from datetime import time
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from viertakt.access.actions import person
from viertakt.access.rules import check_may_manage
from viertakt.api import subscriptions as wire
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.shapes import utc
from viertakt.errors import Forbidden, NotFound
from viertakt.language.fields import Fields
from viertakt.notices import inbox, mailing, subscribing
from viertakt.notices.model import Channels, Setting, Subscription
from viertakt.reports.zones import zone_named

EXAMPLE = {"event": "moved", "query": "kind:withdrawal amount>=1000EUR", "console": True, "mail": "daily"}


async def list_subscriptions(call: Call) -> Reply:
    """The caller's subscriptions and those of their roles."""
    asked: wire.SubscriptionsQuery = call.query

    def read(conn: Any) -> wire.SubscriptionList:
        fields = call.application.kinds.search_fields(conn)
        found = subscribing.list_subscriptions(conn, call.by, subscriber=asked.subscriber, event=asked.event)
        return wire.SubscriptionList(tuple(_subscription(one, call, fields) for one in found))

    return Reply(200, await call.application.ask(read))


async def create_subscription(call: Call) -> Reply:
    """Subscribe."""
    sent: wire.NewSubscription = call.body
    zone_named(sent.zone)

    def write(conn: Any) -> wire.Subscription:
        fields = call.application.kinds.search_fields(conn)
        made = subscribing.subscribe(
            conn,
            call.by,
            sent.event,
            Channels(sent.console, sent.mail),
            fields=fields,
            subscriber=sent.subscriber,
            query=sent.query,
            stages=sent.stages,
            zone=sent.zone,
        )
        return _subscription(made, call, fields)

    return Reply(201, await call.application.ask(write))


async def change_subscription(call: Call) -> Reply:
    """Choose other channels for a subscription."""
    sent: wire.ChangeSubscription = call.body
    sought = _id(call)

    def write(conn: Any) -> wire.Subscription:
        fields = call.application.kinds.search_fields(conn)
        changed = subscribing.change_subscription(conn, call.by, sought, Channels(sent.console, sent.mail))
        return _subscription(changed, call, fields)

    return Reply(200, await call.application.ask(write))


async def end_subscription(call: Call) -> Reply:
    """End a subscription."""
    sought = _id(call)
    await call.application.ask(lambda conn: subscribing.end_subscription(conn, call.by, sought))
    return Reply(204)


async def read_settings(call: Call) -> Reply:
    """How, and when, the caller is told."""
    inbox.check_reader(call.by)
    return Reply(200, await call.application.ask(lambda conn: _settings(conn, call)))


async def change_settings(call: Call) -> Reply:
    """Choose how, and when, to be told."""
    inbox.check_reader(call.by)
    sent: wire.ChangeNoticeSettings = call.body
    hours = _hours(sent)

    def write(conn: Any) -> wire.NoticeSettings:
        fields = call.application.kinds.search_fields(conn)
        if hours:
            setting = msgspec.structs.replace(subscribing.setting_of(conn, call.by), **hours)
            subscribing.save_setting(conn, call.by, setting)
        for line in sent.lines:
            channels = Channels(line.console, line.mail)
            subscribing.subscribe(conn, call.by, line.event, channels, fields=fields)
        return _settings(conn, call)

    return Reply(200, await call.application.ask(write))


async def test_mail(call: Call) -> Reply:
    """Send the caller a mail, now."""
    inbox.check_reader(call.by)
    if not mailing.is_set_up(call.application.settings):
        raise NotFound("This installation sends no mail: VIERTAKT_SMTP_HOST is not set.")
    await call.application.ask(lambda conn: mailing.send_test(conn, call.by))
    return Reply(202)


async def list_mutes(call: Call) -> Reply:
    """What the caller wants to hear nothing of."""
    inbox.check_reader(call.by)
    return Reply(200, await call.application.ask(lambda conn: _mutes(conn, call)))


async def change_mute(call: Call) -> Reply:
    """Hear nothing of an operation or a kind, or of it again."""
    inbox.check_reader(call.by)
    sent: wire.ChangeMute = call.body

    def write(conn: Any) -> wire.MuteList:
        subscribing.mute(conn, call.by, sent.about, on=sent.muted)
        return _mutes(conn, call)

    return Reply(200, await call.application.ask(write))


def _mutes(conn: Any, call: Call) -> wire.MuteList:
    return wire.MuteList(
        tuple(
            wire.Mute(one.about, utc(one.muted_at), one.reference)
            for one in subscribing.list_mutes(conn, call.by)
        )
    )


def _settings(conn: Any, call: Call) -> wire.NoticeSettings:
    setting = subscribing.setting_of(conn, call.by)
    return wire.NoticeSettings(
        lines=tuple(
            wire.MatrixLine(one.event, one.channels.console, one.channels.mail, one.by)
            for one in subscribing.matrix(conn, call.by)
        ),
        zone=setting.zone,
        quiet_from=_clock(setting.quiet_from),
        quiet_until=_clock(setting.quiet_until),
        digest_at=setting.digest_at.strftime("%H:%M"),
        mail_to=person(conn, call.by.id).email,
        mail_works=mailing.is_set_up(call.application.settings),
    )


def _subscription(core: Subscription, call: Call, fields: Fields) -> wire.Subscription:
    fault = subscribing.fault_of(core, fields)
    return wire.Subscription(
        id=core.id,
        subscriber=core.subscriber,
        event=core.event,
        query=core.query,
        stages=core.stages,
        console=core.channels.console,
        mail=core.channels.mail,
        zone=core.zone,
        created_at=utc(core.created_at),
        may_change=core.subscriber == call.by.id or _manages(call),
        fault=None if fault is None else wire.SubscriptionFault(fault.detail),
    )


def _manages(call: Call) -> bool:
    try:
        check_may_manage(call.by)
    except Forbidden:
        return False
    return True


def _hours(sent: wire.ChangeNoticeSettings) -> dict[str, Any]:
    """The hours that are named, by their names in `Setting`."""
    if sent.zone is not UNSET:
        zone_named(sent.zone)
    named = {name: getattr(sent, name) for name in Setting.__struct_fields__}
    return {
        name: value if name == "zone" or value is None else time.fromisoformat(value)
        for name, value in named.items()
        if value is not UNSET
    }


def _clock(at: time | None) -> str | None:
    return None if at is None else at.strftime("%H:%M")


def _id(call: Call) -> UUID:
    text = call.path["id"]
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(f"There is no subscription {text[:100]!r}.") from None


_READS = (400, 401, 403, 422, 429)
_WRITES = (400, 401, 403, 404, 409, 413, 415, 422, 429)

ROUTES = (
    Route(
        method="GET",
        path="/v1/subscriptions",
        operation_id="listSubscriptions",
        summary="List subscriptions",
        tag="notices",
        handler=list_subscriptions,
        query=wire.SubscriptionsQuery,
        answers={200: Answers("Subscriptions.", wire.SubscriptionList)},
        refusals=_READS,
    ),
    Route(
        method="POST",
        path="/v1/subscriptions",
        operation_id="createSubscription",
        summary="Subscribe to an event",
        tag="notices",
        handler=create_subscription,
        body=wire.NewSubscription,
        answers={201: Answers("Subscribed.", wire.Subscription)},
        refusals=_WRITES,
        example=EXAMPLE,
    ),
    Route(
        method="PUT",
        path="/v1/subscriptions/{id}",
        operation_id="changeSubscription",
        summary="Choose other channels for a subscription",
        tag="notices",
        handler=change_subscription,
        body=wire.ChangeSubscription,
        answers={200: Answers("The subscription as it now is.", wire.Subscription)},
        refusals=_WRITES,
        example={"console": True, "mail": "off"},
    ),
    Route(
        method="DELETE",
        path="/v1/subscriptions/{id}",
        operation_id="endSubscription",
        summary="End a subscription",
        tag="notices",
        handler=end_subscription,
        answers={204: Answers("Ended.")},
        refusals=(400, 401, 403, 404, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/notices/settings",
        operation_id="readNoticeSettings",
        summary="How, and when, the caller is told",
        tag="notices",
        handler=read_settings,
        answers={200: Answers("The matrix, and the hours.", wire.NoticeSettings)},
        refusals=_READS,
    ),
    Route(
        method="PUT",
        path="/v1/notices/settings",
        operation_id="changeNoticeSettings",
        summary="Choose how, and when, to be told",
        tag="notices",
        handler=change_settings,
        body=wire.ChangeNoticeSettings,
        answers={200: Answers("As it now is.", wire.NoticeSettings)},
        refusals=(400, 401, 403, 409, 413, 415, 422, 429),
        example={
            "zone": "Europe/Amsterdam",
            "quiet_from": "22:00",
            "quiet_until": "07:00",
            "lines": [{"event": "mention", "console": True, "mail": "at_once"}],
        },
    ),
    Route(
        method="POST",
        path="/v1/notices/test-mail",
        operation_id="testMail",
        summary="Send the caller a mail",
        tag="notices",
        handler=test_mail,
        answers={202: Answers("It is on its way.")},
        refusals=(400, 401, 403, 404, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/notices/mutes",
        operation_id="listMutes",
        summary="What the caller mutes",
        tag="notices",
        handler=list_mutes,
        answers={200: Answers("The latest first.", wire.MuteList)},
        refusals=_READS,
    ),
    Route(
        method="PUT",
        path="/v1/notices/mutes",
        operation_id="changeMute",
        summary="Mute an operation or a kind, or hear of it again",
        tag="notices",
        handler=change_mute,
        body=wire.ChangeMute,
        answers={200: Answers("What is muted now.", wire.MuteList)},
        refusals=_WRITES,
        example={"about": "kind:deposit", "muted": True},
    ),
)
