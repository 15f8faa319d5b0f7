import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { OperationDetail } from "~/api/generated/model/operation-detail";
import { detail, entry, REASONS, WITHDRAWAL } from "~/lib/testing/operations";
import { serve } from "~/lib/testing/server";
import { show } from "~/lib/testing/show";
import { OperationPage } from "./operation-page";

const ID = "01939f4e-7c1a-7b3e-9a51-3f0c8f2b6d10";
const MOVES = `POST /v1/operations/${ID}/moves`;

const history = (...entries: ReturnType<typeof entry>[]) => ({
  items: entries,
  next_cursor: null,
  operation: null,
});

const anna = entry({
  seq: 3,
  version: 3,
  sort: "moved",
  transition: "approve",
  from: { stage: "under_review", status: "pending" },
  to: { stage: "approved", status: "pending" },
  actor: { id: "person:1", name: "Anna" },
  cause: "manual",
});

function world(now: { operation: OperationDetail; entries: ReturnType<typeof entry>[] }) {
  return {
    [`GET /v1/operations/${ID}`]: () => ({ body: now.operation }),
    [`GET /v1/operations/${ID}/history`]: () => ({ body: history(...now.entries) }),
    "GET /v1/kinds/withdrawal": { kind: "withdrawal", version: 1, document: WITHDRAWAL },
    "GET /v1/reasons": REASONS,
  };
}

async function openDialog(): Promise<HTMLElement> {
  await show(<OperationPage id={ID} />);
  await userEvent.click(await screen.findByRole("button", { name: "Reject" }));
  return screen.findByRole("dialog", { name: "Reject" });
}

test("a move says what will happen, asks for its reason, and sends what the reader saw", async () => {
  const now = { operation: detail(), entries: [entry()] };
  const asked = serve({
    ...world(now),
    [MOVES]: () => {
      now.operation = detail({ stage: "releasing", version: 3, available: [] });
      return {
        status: 201,
        body: entry({ seq: 3, version: 3, to: { stage: "releasing", status: "pending" } }),
      };
    },
  });
  const dialog = await openDialog();
  expect(within(dialog).getByText(/It goes to “Releasing funds”; its status stays Pending/)).toBeTruthy();

  await userEvent.click(within(dialog).getByRole("button", { name: "Reject" }));
  expect(within(dialog).getByText("Choose a reason.")).toBeTruthy();

  await userEvent.selectOptions(within(dialog).getByLabelText(/Reason/), "Suspected fraud");
  expect(within(dialog).getByText(/The customer reads: “We could not carry this out.”/)).toBeTruthy();
  await userEvent.type(within(dialog).getByLabelText(/Comment/), "Same device as W-900");
  await userEvent.keyboard("{Control>}{Enter}{/Control}");

  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const sent = asked.filter((one) => one.url.pathname.endsWith("/moves"));
  expect(sent.map((one) => one.body)).toEqual([
    { transition: "refuse", reason: "fraud", comment: "Same device as W-900", expected_version: 2 },
  ]);
  expect(sent[0]?.headers.get("Idempotency-Key")).toMatch(/^[0-9a-f]{32}$/);
  expect(await screen.findByText("W-1001 is now in “Releasing funds”")).toBeTruthy();
});

test("when somebody else moved it, the dialog tells who and what, and keeps what was typed", async () => {
  const now = { operation: detail(), entries: [entry()] };
  serve({
    ...world(now),
    [MOVES]: () => {
      now.operation = detail({ stage: "approved", version: 3, available: [] });
      now.entries = [entry(), anna];
      return { status: 412, body: { code: "stale", detail: "It has moved on.", version: 3 } };
    },
  });
  const dialog = await openDialog();
  await userEvent.selectOptions(within(dialog).getByLabelText(/Reason/), "Suspected fraud");
  await userEvent.type(within(dialog).getByLabelText(/Comment/), "Same device");
  await userEvent.click(within(dialog).getByRole("button", { name: "Reject" }));

  const conflict = await within(dialog).findByRole("alert");
  expect(await within(conflict).findByText("Changed in the meantime by Anna")).toBeTruthy();
  expect(within(conflict).getByText(/can no longer be done from/)).toBeTruthy();
  expect(within(dialog).getByLabelText<HTMLTextAreaElement>(/Comment/).value).toBe("Same device");
  expect(within(dialog).getByRole<HTMLButtonElement>("button", { name: "Reject" }).disabled).toBe(true);
});

test("where the transition still starts, one goes on from the new version with the same draft", async () => {
  const now = { operation: detail(), entries: [entry()] };
  let refused = false;
  const asked = serve({
    ...world(now),
    [MOVES]: () => {
      if (refused) return { status: 201, body: entry({ seq: 4, version: 4 }) };
      refused = true;
      now.operation = detail({ version: 3 });
      now.entries = [entry(), { ...anna, sort: "amended", transition: null }];
      return { status: 412, body: { code: "stale", detail: "It has moved on.", version: 3 } };
    },
  });
  const dialog = await openDialog();
  await userEvent.selectOptions(within(dialog).getByLabelText(/Reason/), "Documents are missing");
  await userEvent.click(within(dialog).getByRole("button", { name: "Reject" }));
  await userEvent.click(await within(dialog).findByRole("button", { name: "Go on from here" }));
  await userEvent.click(within(dialog).getByRole("button", { name: "Reject" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const bodies = asked.filter((one) => one.url.pathname.endsWith("/moves")).map((one) => one.body);
  expect(bodies).toEqual([
    { transition: "refuse", reason: "documents_missing", expected_version: 2 },
    { transition: "refuse", reason: "documents_missing", expected_version: 3 },
  ]);
});

test("a lost answer is asked for again under the same key, so that nothing moves twice", async () => {
  const now = { operation: detail(), entries: [entry()] };
  let broken = true;
  const asked = serve({
    ...world(now),
    [MOVES]: () => {
      if (!broken) return { status: 201, body: entry({ seq: 3, version: 3 }) };
      broken = false;
      return { status: 503, body: { code: "unavailable" }, headers: { "X-Request-Id": "r-77" } };
    },
  });
  const dialog = await openDialog();
  await userEvent.selectOptions(within(dialog).getByLabelText(/Reason/), "Suspected fraud");
  await userEvent.click(within(dialog).getByRole("button", { name: "Reject" }));
  expect(await within(dialog).findByText("Nothing has been changed")).toBeTruthy();
  expect(within(dialog).getByText("r-77")).toBeTruthy();
  await userEvent.click(within(dialog).getByRole("button", { name: "Reject" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const keys = asked
    .filter((one) => one.url.pathname.endsWith("/moves"))
    .map((one) => one.headers.get("Idempotency-Key"));
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
});

test("a closed dialog opens again with what was typed", async () => {
  serve(world({ operation: detail(), entries: [entry()] }));
  const dialog = await openDialog();
  await userEvent.type(within(dialog).getByLabelText(/Comment/), "Called the player");
  await userEvent.click(within(dialog).getByRole("button", { name: "Cancel" }));
  await userEvent.click(await screen.findByRole("button", { name: "Reject" }));
  const again = await screen.findByRole("dialog", { name: "Reject" });
  expect(within(again).getByLabelText<HTMLTextAreaElement>(/Comment/).value).toBe("Called the player");
});

test("what a program may not send for now says so, and that a person still may", async () => {
  const [refuse] = detail().available;
  if (!refuse) throw new Error("the sample has a transition");
  const held = { since: "2026-11-22T10:00:00Z", incident: null, title: "Cards are down" };
  const send = { ...refuse, transition: "send", allowed: false, by: ["process"], held };
  const barred = { ...send, why_not: { code: "not_by_hand", detail: "A process does." } };
  serve(world({ operation: detail({ available: [{ ...refuse, held }, barred] }), entries: [entry()] }));
  const dialog = await openDialog();
  expect(within(dialog).getByText(/Programs wait with this \(Cards are down\)/)).toBeTruthy();
  await userEvent.click(within(dialog).getByRole("button", { name: "Cancel" }));
  await userEvent.click(await screen.findByRole("button", { name: "Why not something else?" }));
  expect(await screen.findByText("Will wait: Cards are down")).toBeTruthy();
});

test("what is not allowed is no button, and says why not", async () => {
  const [refuse] = detail().available;
  if (!refuse) throw new Error("the sample has a transition");
  const barred = {
    ...refuse,
    transition: "approve",
    allowed: false,
    roles: ["payments_lead"],
    why_not: { code: "needs_role", detail: "It needs a role." },
  };
  serve(world({ operation: detail({ available: [refuse, barred] }), entries: [entry()] }));
  await show(<OperationPage id={ID} />);
  await userEvent.click(await screen.findByRole("button", { name: "Why not something else?" }));
  expect(await screen.findByText("Only for: Payments lead")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Approve" })).toBeNull();
});

test("the timeline tells refusals beside moves, newest first", async () => {
  const refused = entry({
    seq: 4,
    version: null,
    sort: "refused",
    transition: "approve",
    to: null,
    actor: { id: "person:2", name: "Bram" },
    cause: "manual",
    refusal: { code: "needs_role", detail: "Approve needs the role payments." },
  });
  serve(world({ operation: detail(), entries: [entry(), refused] }));
  await show(<OperationPage id={ID} />);
  expect(await screen.findByText("Refused: Approve")).toBeTruthy();
  expect(screen.getByText("Approve needs the role payments.")).toBeTruthy();
  const lines = screen.getAllByRole("listitem").map((line) => line.textContent ?? "");
  const at = (text: string) => lines.findIndex((line) => line.includes(text));
  expect(at("Refused: Approve")).toBeLessThan(at("Opened"));
});
