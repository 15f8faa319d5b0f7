"""The withdrawal of the design, word for word, and a way to spoil it: the tests of `check_kind` mend nothing else."""

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec

from viertakt.errors import Fault
from viertakt.kinds.document import plain, read_kind
from viertakt.kinds.model import Kind
from viertakt.kinds.reasons import Catalogue, read_catalogue
from viertakt.kinds.rules import check_kind

WITHDRAWAL = """\
kind: withdrawal
label: {en: Withdrawal, nl: Opname}
subject: {en: Player, nl: Speler}     # what the operation's subject is called
amount: required                      # required | optional | none
direction: out                        # money in | out | none: the reason catalogue reads codes by direction
effect: external                      # somebody outside may have acted: an unclear end is unknown, never error
attributes:                           # typed: they are fields of the query language; one type per name across all kinds
  method:        {type: string, enum: [bank, card, wallet], dimension: true}   # counted in the tallies; at most two
  iban:          {type: string, class: personal}                               # kept apart, masked by role, erasable
  wagering_open: {type: boolean}
start: requested
stages:
  requested:           {status: pending, waiting_on: system, checks: {run: [velocity, wagering_met], pass: approve, review: hold, reject: refuse}}
  under_review:        {status: pending, waiting_on: operator}
  awaiting_documents:  {status: pending, waiting_on: customer, clock: pause, limit: {after: P14D, transition: expire}}
  compliance_hold:     {status: pending, waiting_on: other_team, restricted: true}
  approved:            {status: pending, waiting_on: system}
  sending:             {status: pending, waiting_on: provider, limit: {after: PT2H, transition: lose_sight}}
  outcome_unknown:     {status: pending, waiting_on: provider, re_ask: {every: PT10M, tries: 24, then: hand_over}}
  unclear:             {status: pending, waiting_on: operator}
  releasing:           {status: pending, waiting_on: system}           # the ledger gives the funds back
  paid:                {status: success, final: provisional}
  failed:              {status: error}
  rejected:            {status: rejected, final: yes}
transitions:                          # roles: the grants this kind brings along at installation; at run time only grants decide
  approve:       {from: [requested, under_review], to: approved, by: [check], roles: [payments],
                  approvals: [{when: "amount>=1000EUR", count: 2, roles: [payments_lead]}]}
  hold:          {from: [requested], to: under_review, by: [check]}
  refuse:        {from: [requested, under_review], to: releasing, by: [check], roles: [payments, risk], reasons: [fraud, wagering_open, documents_missing]}
  escalate:      {from: [requested, under_review], to: compliance_hold, roles: [payments, risk]}
  clear:         {from: [compliance_hold], to: under_review, roles: [compliance]}
  ask_documents: {from: [under_review], to: awaiting_documents, roles: [payments]}
  documents_in:  {from: [awaiting_documents], to: under_review, by: [process, source]}
  expire:        {from: [awaiting_documents], to: releasing, by: [deadline], reasons: [expired_no_action]}
  send:          {from: [approved, failed], to: sending, by: [process]}
  settle:        {from: [sending, outcome_unknown, unclear], to: paid, by: [process, source], roles: [payments_lead]}
  fail:          {from: [sending, outcome_unknown, unclear], to: failed, by: [process, source], roles: [payments_lead]}
  bank_refuses:  {from: [sending, outcome_unknown, unclear], to: releasing, by: [process, source], roles: [payments_lead]}
  lose_sight:    {from: [sending], to: outcome_unknown, by: [deadline, process]}
  hand_over:     {from: [outcome_unknown], to: unclear, by: [deadline]}
  released:      {from: [releasing], to: rejected, by: [process]}
  give_up:       {from: [failed], to: releasing, roles: [payments], comment: required}
  returned:      {from: [paid], to: releasing, by: [source], reasons: [bank_returned]}
  reinstate:     {from: [rejected], to: under_review, roles: [payments_lead], approvals: [{count: 2}], comment: required}
checks:
  velocity:     {count: "kind:withdrawal subject:$subject created>-24h", at_most: 3, otherwise: review}
  wagering_met: {rule: "attributes.wagering_open:false", otherwise: reject, reason: wagering_open}
outcomes: {success: settle, error: fail, rejected: bank_refuses, unknown: lose_sight}   # which transition a reported end takes
undo:     {refuse: reinstate}
children: {success: all, rejected: any, error: any}          # how an operation ends when its children end
targets:  [{name: decision, from: requested, until: [approved, releasing], within: PT24H}]   # promises (SLA): cumulative over running clocks, reported and warned about
never:    [sent twice, sent under a lock]                     # each line a test
"""

_REASONS = ("fraud", "wagering_open", "documents_missing", "expired_no_action", "bank_returned")
_TEXTS = "internal: {en: Why, nl: Waarom}, customer: {en: Why, nl: Waarom}"


@cache
def catalogue() -> Catalogue:
    """The reasons that the example names."""
    return read_catalogue(
        "reasons:\n" + "".join(f"  {name}: {{status: rejected, {_TEXTS}}}\n" for name in _REASONS)
    )


@cache
def withdrawal() -> Kind:
    """The example as a kind."""
    return read_kind(WITHDRAWAL)


def spoilt(spoil: Callable[[dict[str, Any]], object]) -> Kind:
    """The example with something done to it."""
    content = plain(withdrawal())
    spoil(content)
    return msgspec.convert(content, Kind)


def faults_of(spoil: Callable[[dict[str, Any]], object]) -> list[Fault]:
    """What `check_kind` says of the example with something done to it."""
    return check_kind(spoilt(spoil), catalogue())
