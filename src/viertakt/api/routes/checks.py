"""Checks: what they said, examining once more, answering later, and what is set for them, by two persons."""

from typing import Any
from uuid import UUID

from viertakt.api import checks as documents
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.routes.operations import operation_id
from viertakt.checks import actions, settings
from viertakt.errors import Fault, Invalid, NotFound
from viertakt.kinds.model import ReasonCode
from viertakt.operations.model import OperationId

NUMBER_LENGTH_MAX = 18


async def list_check_runs(call: Call) -> Reply:
    """What checks said, of operations in sight, the newest first."""
    asked: documents.CheckRunsQuery = call.query
    wanted = actions.Wanted(
        OperationId(asked.operation) if asked.operation else None, asked.kind, asked.state, asked.verdict
    )
    found = await call.application.ask(
        lambda conn: actions.list_runs(conn, wanted, reader=call.by, limit=asked.limit)
    )
    return Reply(200, documents.CheckRunList(tuple(map(documents.run_document, found))))


async def run_checks_again(call: Call) -> Reply:
    """Examine an operation once more as it stands; the worker does it at once."""
    sought = operation_id(call)
    found = await call.application.ask(lambda conn: actions.run_again(conn, sought, actor=call.by))
    return Reply(202, documents.CheckRunList(tuple(map(documents.run_document, found))))


async def answer_check(call: Call) -> Reply:
    """Take the answer of a service that said "later"; the worker lets it act at once."""
    sent: documents.CheckAnswer = call.body
    operation, version, check = sent.run.split(".", 2)
    try:
        sought = OperationId(UUID(operation))
    except ValueError:
        words = "It begins with the id of an operation."
        raise Invalid(words, faults=(Fault("/run", "wrong_value", words),)) from None
    said = actions.Later(
        sought,
        int(version),
        check,
        sent.attempt,
        sent.verdict,
        ReasonCode(sent.reason) if sent.reason else None,
        sent.evidence,
    )
    catalogue = call.application.catalogue
    run = await call.application.ask(
        lambda conn: actions.answer_later(conn, said, actor=call.by, catalogue=catalogue)
    )
    return Reply(202, documents.run_document(run))


async def list_checks(call: Call) -> Reply:
    """The checks of all kinds with what is set for them, and whom asking has failed lately."""

    def read(conn: Any) -> documents.CheckList:
        kinds = {str(one.kind.kind): one.kind for one in call.application.kinds.all_latest(conn)}
        return documents.CheckList(
            tuple(map(documents.check_document, settings.declared(conn, kinds))),
            tuple(map(documents.target_document, actions.list_targets(conn))),
        )

    return Reply(200, await call.application.ask(read))


async def list_check_settings(call: Call) -> Reply:
    """Changes of what checks go by: those that wait first, then the newest, at most 200."""
    asked: documents.CheckSettingsQuery = call.query
    found = await call.application.ask(lambda conn: settings.changes(conn, state=asked.state))
    return Reply(200, documents.CheckSettingChangeList(tuple(map(documents.change_document, found))))


async def ask_check_setting(call: Call) -> Reply:
    """Ask for another setting of a check; it waits for a second person."""
    sent: documents.CheckSettingRequest = call.body

    def write(conn: Any) -> documents.CheckSettingChange:
        kind = call.application.kinds.latest(conn, sent.kind).kind
        setting = documents.core_setting(sent.setting)
        found = settings.ask_change(conn, kind, sent.check, setting, reason=sent.reason, actor=call.by)
        return documents.change_document(found)

    return Reply(202, await call.application.ask(write))


async def settle_check_setting(call: Call) -> Reply:
    """Approve, decline or withdraw a change of a check's setting. Approved, it is in force at once."""
    sent: documents.SettleCheckSetting = call.body
    text = call.path["number"]
    if not (text.isascii() and text.isdecimal() and len(text) <= NUMBER_LENGTH_MAX):
        raise NotFound(f"There is no change {text[:40]!r}.")
    found = await call.application.ask(
        lambda conn: settings.settle(conn, int(text), sent.verdict, actor=call.by)
    )
    return Reply(200, documents.change_document(found))


ROUTES = (
    Route(
        method="GET",
        path="/v1/check-runs",
        operation_id="listCheckRuns",
        summary="What checks said",
        tag="checks",
        handler=list_check_runs,
        query=documents.CheckRunsQuery,
        answers={200: Answers("Runs, the newest first.", documents.CheckRunList)},
        refusals=(400, 401, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/check-runs/answer",
        operation_id="answerCheck",
        summary="Answer a check that said it answers later",
        tag="checks",
        handler=answer_check,
        body=documents.CheckAnswer,
        answers={202: Answers("It acts at once.", documents.CheckRun)},
        refusals=(400, 401, 403, 404, 409, 412, 413, 415, 422, 429),
        example={
            "run": "0198f000-0000-7000-8000-000000000000.1.risk",
            "attempt": 1,
            "verdict": "review",
            "evidence": {"score": 71},
        },
    ),
    Route(
        method="POST",
        path="/v1/operations/{id}/check-runs",
        operation_id="runChecksAgain",
        summary="Examine an operation once more",
        tag="checks",
        handler=run_checks_again,
        answers={202: Answers("Its runs; they are worked off at once.", documents.CheckRunList)},
        refusals=(400, 401, 403, 404, 409, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/checks",
        operation_id="listChecks",
        summary="The checks of all kinds, and what is set for them",
        tag="checks",
        handler=list_checks,
        admin=True,
        answers={200: Answers("The checks by kind.", documents.CheckList)},
        refusals=(400, 401, 403, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/check-settings",
        operation_id="listCheckSettings",
        summary="Changes of what checks go by",
        tag="checks",
        handler=list_check_settings,
        query=documents.CheckSettingsQuery,
        admin=True,
        answers={200: Answers("Changes, those that wait first.", documents.CheckSettingChangeList)},
        refusals=(400, 401, 403, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/check-settings",
        operation_id="askCheckSetting",
        summary="Ask for another setting of a check",
        tag="checks",
        handler=ask_check_setting,
        body=documents.CheckSettingRequest,
        admin=True,
        answers={202: Answers("It waits for another person who manages.", documents.CheckSettingChange)},
        refusals=(400, 401, 403, 404, 413, 415, 422, 429),
        example={
            "kind": "withdrawal",
            "check": "velocity",
            "setting": {"at_most": 5},
            "reason": "A weekend.",
        },
    ),
    Route(
        method="POST",
        path="/v1/check-settings/{number}",
        operation_id="settleCheckSetting",
        summary="Approve, decline or withdraw a change of a check's setting",
        tag="checks",
        handler=settle_check_setting,
        body=documents.SettleCheckSetting,
        admin=True,
        answers={200: Answers("What became of it.", documents.CheckSettingChange)},
        refusals=(400, 401, 403, 404, 409, 413, 415, 422, 429),
        example={"verdict": "approve"},
    ),
)
