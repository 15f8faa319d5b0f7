import type { Entry } from "~/api/generated/model/entry";
import type { Kind } from "~/api/generated/model/kind";
import type { Operation } from "~/api/generated/model/operation";
import type { OperationDetail } from "~/api/generated/model/operation-detail";

/** A withdrawal under review, as the API tells it; every test names only what it is about. */
export function operation(changes: Partial<Operation> = {}): Operation {
  return {
    id: "01939f4e-7c1a-7b3e-9a51-3f0c8f2b6d10",
    kind: "withdrawal",
    kind_version: 1,
    reference: "W-1001",
    subject: "player-7",
    brand: "casino-nl",
    amount: { value: "2450.00", currency: "EUR" },
    attributes: {},
    tags: [],
    stage: "under_review",
    status: "pending",
    waiting_on: "operator",
    version: 2,
    parent_id: null,
    created_at: "2026-11-22T09:00:00Z",
    changed_at: "2026-11-22T09:05:00Z",
    entered_at: "2026-11-22T09:05:00Z",
    closed_at: null,
    deadline_at: null,
    final: "no",
    contradiction: false,
    ...changes,
  };
}

export function detail(changes: Partial<OperationDetail> = {}): OperationDetail {
  return {
    ...operation(),
    assignment: null,
    may: ["assign", "note"],
    masked: [],
    revealable: false,
    aliases: {},
    available: [
      {
        transition: "refuse",
        to: "releasing",
        status: "pending",
        allowed: true,
        why_not: null,
        roles: ["payments"],
        by: [],
        reasons: ["fraud", "documents_missing"],
        comment_required: false,
        approvals: [],
        held: null,
      },
    ],
    approvals: [],
    held: null,
    ...changes,
  };
}

export function entry(changes: Partial<Entry> = {}): Entry {
  return {
    operation_id: "01939f4e-7c1a-7b3e-9a51-3f0c8f2b6d10",
    seq: 1,
    version: 1,
    sort: "opened",
    transition: null,
    from: null,
    to: { stage: "requested", status: "pending" },
    actor: { id: "token:cashier", name: "cashier" },
    granted_by: null,
    cause: "process",
    reason: null,
    comment: null,
    data: null,
    masked: [],
    refusal: null,
    about: [],
    request_id: null,
    at: "2026-11-22T09:00:00Z",
    recorded_at: "2026-11-22T09:00:00Z",
    ...changes,
  };
}

export const WITHDRAWAL: Kind = {
  kind: "withdrawal",
  label: { en: "Withdrawal", nl: "Opname" },
  subject: { en: "Player", nl: "Speler" },
  start: "requested",
  stages: {
    requested: { status: "pending", waiting_on: "system" },
    under_review: { status: "pending", waiting_on: "operator" },
    compliance_hold: { status: "pending", waiting_on: "other_team", restricted: true },
    approved: { status: "pending", waiting_on: "system" },
    releasing: { status: "pending", waiting_on: "system" },
    paid: { status: "success" },
    failed: { status: "error" },
    rejected: { status: "rejected", final: "yes" },
  },
  transitions: {
    escalate: { from: ["requested", "under_review"], to: "compliance_hold" },
    approve: { from: ["requested", "under_review"], to: "approved" },
    hold: { from: ["requested"], to: "under_review" },
    refuse: { from: ["requested", "under_review"], to: "releasing" },
    settle: { from: ["approved"], to: "paid" },
    released: { from: ["releasing"], to: "rejected" },
  },
  labels: {
    stages: {
      requested: { en: "Requested", nl: "Aangevraagd" },
      under_review: { en: "Under review", nl: "In beoordeling" },
      releasing: { en: "Releasing funds", nl: "Saldo wordt vrijgegeven" },
    },
    transitions: { refuse: { en: "Reject", nl: "Afwijzen" }, approve: { en: "Approve", nl: "Goedkeuren" } },
  },
};

export const REASONS = {
  items: [
    {
      code: "fraud",
      status: "rejected",
      internal: { en: "Suspected fraud", nl: "Fraude vermoed" },
      customer: { en: "We could not carry this out.", nl: "We konden dit niet uitvoeren." },
    },
    {
      code: "documents_missing",
      status: "rejected",
      internal: { en: "Documents are missing", nl: "Documenten ontbreken" },
      customer: { en: "Please send your documents.", nl: "Stuur je documenten op." },
    },
  ],
};
