import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { BulkJob } from "~/api/generated/model/bulk-job";
import { WITHDRAWAL } from "~/lib/testing/operations";
import { serve } from "~/lib/testing/server";
import { show } from "~/lib/testing/show";
import { BulkJobPage } from "./bulk-job-page";
import { useWaitingJobs, WaitingJobs } from "./waiting-jobs";

const ID = "01939f4e-0000-7000-8000-0000000000b1";
const ANNA = { id: "person:1", name: "Anna" };

function job(more: Partial<BulkJob>): BulkJob {
  return {
    id: ID,
    state: "ready",
    verb: "move",
    transition: "refuse",
    assign_to: null,
    tags: null,
    reason: null,
    comment: null,
    q: "kind:withdrawal",
    undoes: null,
    undone_by: null,
    asked_by: ANNA,
    asked_at: "2026-11-26T10:00:00Z",
    total: 240,
    affected: 200,
    done: 0,
    asked: 0,
    skipped: 40,
    failed: 0,
    left: 200,
    groups: [
      {
        kind: "withdrawal",
        stage: "under_review",
        fate: "moves",
        count: 200,
        sums: [{ value: "4000.00", currency: "EUR" }],
        transition: "refuse",
        to: "releasing",
        why_not: null,
      },
      {
        kind: "withdrawal",
        stage: "paid",
        fate: "skipped",
        count: 40,
        sums: [],
        transition: "refuse",
        to: null,
        why_not: { code: "not_permitted", detail: "'refuse' leaves 'requested'." },
      },
    ],
    sums: [{ value: "4000.00", currency: "EUR" }],
    must_confirm: true,
    countdown_seconds: 30,
    bounds: { operations: 1000, sums: [{ value: "100000", currency: "EUR" }], rate: null },
    needs: [],
    consents: [],
    on_behalf_of: null,
    waits_until: null,
    starts_at: null,
    ended_at: null,
    said: null,
    rate: null,
    seconds_left: null,
    may: ["start", "cancel"],
    why_not: null,
    ...more,
  };
}

/** The page of a job; what is posted to it makes it another one. */
async function showJob(found: BulkJob, act?: string, after?: Partial<BulkJob>) {
  let now = found;
  serve({
    [`GET /v1/bulk/${ID}`]: () => ({ body: now }),
    [`GET /v1/bulk/${ID}/items`]: { items: [], next_cursor: null },
    [`POST /v1/bulk/${ID}/${act}`]: () => {
      now = job(after ?? {});
      return { body: now };
    },
    "GET /v1/kinds": { items: [{ kind: "withdrawal", version: 1, document: WITHDRAWAL }] },
    "GET /v1/reasons": { items: [] },
  });
  await show(<BulkJobPage id={ID} />);
  await screen.findByRole("heading", { level: 1 });
}

test("what would happen is told with counts, sums and why not, before anything can be started", async () => {
  await showJob(job({}));
  expect(screen.getByText("200 of 240 will be moved")).toBeTruthy();
  expect(await screen.findByRole("row", { name: /40.*This step does not start from here/ })).toBeTruthy();
  expect(screen.queryByRole("progressbar")).toBeNull();
});

test("a job is started only with its number", async () => {
  await showJob(job({}), "start", { state: "running", starts_at: "2026-11-26T10:00:01Z", may: ["pause"] });
  await userEvent.type(screen.getByLabelText("Type 200 to confirm"), "240");
  await userEvent.click(screen.getByRole("button", { name: "Start" }));
  expect(screen.getByText("Type the number 200.")).toBeTruthy();
  await userEvent.clear(screen.getByLabelText("Type 200 to confirm"));
  await userEvent.type(screen.getByLabelText("Type 200 to confirm"), "200");
  await userEvent.click(screen.getByRole("button", { name: "Start" }));
  expect(await screen.findByRole("progressbar")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Pause" })).toBeTruthy();
});

test("who asked waits for others, and who may consents or says why not", async () => {
  const needs = [{ count: 2, roles: ["payments_lead"], given: 1 }];
  const waiting = job({
    state: "waiting",
    needs,
    may: ["approve", "decline"],
    consents: [{ by: ANNA, at: "2026-11-26T10:05:00Z", on_behalf_of: null }],
  });
  await showJob(waiting, "approvals", { state: "declined", said: "Known players", may: [] });
  expect(screen.getByText("1 of 2")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Decline the request" }));
  expect(screen.getByText("Say why, so that who asked can act on it.")).toBeTruthy();
  await userEvent.type(screen.getByLabelText("Comment (optional)"), "Known players");
  await userEvent.click(screen.getByRole("button", { name: "Decline the request" }));
  expect(await screen.findByText("“Known players”")).toBeTruthy();
});

function Inbox() {
  return <WaitingJobs jobs={useWaitingJobs()} />;
}

test("the inbox names the jobs that wait for the reader's consent, and no others", async () => {
  const other = "01939f4e-0000-7000-8000-0000000000b2";
  serve({
    "GET /v1/bulk": {
      items: [
        job({ state: "waiting", may: ["approve", "decline"] }),
        job({ id: other, state: "waiting", may: [] }),
      ],
    },
    "GET /v1/kinds": { items: [{ kind: "withdrawal", version: 1, document: WITHDRAWAL }] },
  });
  await show(<Inbox />);
  const link = await screen.findByRole("link");
  expect(link.getAttribute("href")).toBe(`/bulk/${ID}`);
  expect(screen.getByText(/200 operations/)).toBeTruthy();
});
