import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Entry } from "~/api/generated/model/entry";
import type { Notice } from "~/api/generated/model/notice";
import type { NoticeGroup } from "~/api/generated/model/notice-group";
import type { NoticeTab } from "~/api/generated/model/notice-tab";
import { entry, operation, WITHDRAWAL } from "~/lib/testing/operations";
import { type Asked, serve } from "~/lib/testing/server";
import { show } from "~/lib/testing/show";
import { InboxPage } from "./inbox-page";

const BADGE = { unread: 2, mentions: 1, capped: false };

function notice(id: number, changes: Partial<Notice> = {}): Notice {
  return {
    id,
    event: "mention",
    why: { by: "you", subscription: null, query: "", stages: [] },
    told_at: "2026-11-26T10:00:00Z",
    done_at: null,
    snoozed_until: null,
    comment: null,
    approval: null,
    entry: entry({ sort: "noted", actor: { id: "person:1", name: "Anna" } }),
    ...changes,
  };
}

function group(nth: number, ...notices: Notice[]): NoticeGroup {
  const id = `01939f4e-0000-7000-8000-00000000000${nth}`;
  return { operation: { ...operation({ id, reference: `W-${nth}` }), assignment: null }, notices };
}

/** The inbox over a server that holds these groups; what it was asked. */
async function showInbox(
  groups: NoticeGroup[],
  routes: Record<string, unknown> = {},
  tab: NoticeTab = "unread",
): Promise<Asked[]> {
  const asked = serve({
    "GET /v1/notices": { items: groups, badge: BADGE, before: null },
    "GET /v1/notices/mutes": { items: [] },
    "GET /v1/kinds/withdrawal": { kind: "withdrawal", version: 1, document: WITHDRAWAL },
    "GET /v1/reasons": { items: [] },
    ...routes,
  });
  await show(<InboxPage tab={tab} />);
  return asked;
}

test("a note that calls the reader is shown with what it says", async () => {
  await showInbox([group(1, notice(1, { comment: "Look at this one" }))]);
  expect(await screen.findByText("Look at this one")).toBeTruthy();
});

test("what is older comes by a button, with each operation once, until the end is said", async () => {
  const older = { items: [group(1, notice(1)), group(3, notice(2))], badge: BADGE, before: null };
  const asked = await showInbox([], {
    "GET /v1/notices": ({ url }: Asked) => ({
      body: url.searchParams.has("before")
        ? older
        : { items: [group(1, notice(5)), group(2, notice(4))], badge: BADGE, before: 4 },
    }),
  });
  expect(await screen.findByText("2 shown")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Show older" }));
  expect(await screen.findByText("4 shown, that is all")).toBeTruthy();
  expect(screen.getAllByRole("link", { name: /^W-/ }).map((link) => link.textContent)).toEqual([
    "W-1",
    "W-2",
    "W-3",
  ]);
  expect(screen.queryByRole("button", { name: "Show older" })).toBeNull();
  expect(asked.at(-1)?.url.searchParams.get("before")).toBe("4");
});

test("each notice says what it is, and who did it as the timeline names them", async () => {
  const product = (name: string) => ({ id: `system:${name}`, name });
  const told = (id: number, event: Notice["event"], of: Partial<Entry>, changes: Partial<Notice> = {}) =>
    notice(id, {
      event,
      entry: entry({ from: { stage: "under_review", status: "pending" }, ...of }),
      ...changes,
    });
  const promise = { target: "decision", due_at: "2026-11-26T09:00:00Z" };
  await showInbox([
    group(
      1,
      told(9, "breach", { sort: "warned", data: promise, actor: product("target") }),
      told(8, "breach", { sort: "breached", data: promise, actor: product("target") }),
      told(7, "breach", { sort: "stalled", actor: product("sweeper") }),
      told(6, "breach", { sort: "moved", cause: "deadline", actor: product("deadline") }),
      told(5, "decision", { sort: "consented", transition: "approve" }, { approval: "open" }),
      told(4, "decision", { sort: "consented", transition: "approve" }, { approval: "made" }),
      told(3, "decision", { sort: "declined", transition: "approve" }, { approval: "declined" }),
      told(2, "approval", { sort: "asked", transition: "approve" }, { approval: "open" }),
      told(1, "approval", { sort: "asked", transition: "approve" }, { approval: "void" }),
    ),
  ]);
  const titles = (await screen.findAllByRole("strong")).map((title) => title.textContent);
  expect(titles).toEqual([
    "Promise nearly broken: Decision",
    "Promise broken: Decision",
    "No sign of life for too long in “Under review”",
    "The time limit of “Under review” is up",
    "“Approve” approved by one of several: it waits for the others",
    "“Approve” approved",
    "“Approve” declined",
    "Your approval is asked for",
    "Your approval was asked for",
  ]);
  expect(screen.getAllByText(/^the promise · /)).toHaveLength(2);
  expect(screen.getByText(/^the watch for what is stuck · /)).toBeTruthy();
  expect(screen.getByText(/is void: the operation has changed since/)).toBeTruthy();
});

/** Two groups on a server that forgets what is done with, and remembers what is undone. */
async function showTwo(tab: NoticeTab = "unread", changes: Partial<Notice> = {}): Promise<Asked[]> {
  const groups = [group(1, notice(1, changes)), group(2, notice(2, changes))];
  const done = new Set<number>();
  return showInbox(
    [],
    {
      "GET /v1/notices": () => ({
        body: {
          items: groups.filter((one) => !done.has(one.notices[0]?.id ?? 0)),
          badge: BADGE,
          before: null,
        },
      }),
      "POST /v1/notices/changes": ({ body }: Asked) => {
        const { act, ids } = body as { act: string; ids: number[] };
        for (const id of ids) act === "done" ? done.add(id) : done.delete(id);
        return { body: { changed: ids, badge: BADGE } };
      },
      "PUT /v1/notices/mutes": {
        items: [{ about: MUTED, muted_at: "2026-11-26T10:00:00Z", reference: "W-1" }],
      },
    },
    tab,
  );
}

const MUTED = "operation:01939f4e-0000-7000-8000-000000000001";

const changed = (asked: Asked[]) => asked.filter((one) => one.method === "POST").map((one) => one.body);

async function rowOf(reference: string): Promise<HTMLElement> {
  const row = (await screen.findByRole("link", { name: reference })).closest("li");
  if (!row) throw new Error(`${reference} is in no row`);
  return row;
}

test("the keyboard goes on to the next row, and back to the one that is undone by the button", async () => {
  const asked = await showTwo();
  await userEvent.click(within(await rowOf("W-1")).getByRole("button", { name: "Done" }));
  await waitFor(() => expect(document.activeElement?.textContent).toBe("W-2"));
  expect(screen.queryByRole("link", { name: "W-1" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByText("Undone.")).toBeTruthy();
  await waitFor(() => expect(document.activeElement?.textContent).toBe("W-1"));
  expect(changed(asked)).toEqual([
    { act: "done", ids: [1] },
    { act: "undo", ids: [1] },
  ]);
});

test("an act that failed says why", async () => {
  await showInbox([group(1, notice(1))], {
    "POST /v1/notices/changes": () => ({ status: 403, body: { code: "forbidden" } }),
  });
  await userEvent.click(within(await rowOf("W-1")).getByRole("button", { name: "Done" }));
  expect(await screen.findByText(/^Your roles do not allow this/)).toBeTruthy();
});

test("what is put off says until when, and is taken up now", async () => {
  const asked = await showTwo("snoozed", { snoozed_until: "2999-01-01T09:00:00Z" });
  const row = await rowOf("W-1");
  expect(row.textContent).toContain("put off until 1 Jan");
  expect(within(row).queryByRole("button", { name: "Tomorrow" })).toBeNull();
  await userEvent.click(within(row).getByRole("button", { name: "Now" }));
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await screen.findByText("Undone.")).toBeTruthy();
  expect(changed(asked)).toEqual([
    { act: "undo", ids: [1] },
    { act: "snooze", ids: [1], until: "2999-01-01T09:00:00Z" },
  ]);
});

test("what is done with is taken back under All", async () => {
  const asked = await showTwo("all", { done_at: "2026-11-26T11:00:00Z" });
  await userEvent.click(within(await rowOf("W-2")).getByRole("button", { name: "Not done after all" }));
  await waitFor(() => expect(document.activeElement?.textContent).toBe("W-2"));
  expect(changed(asked)).toEqual([{ act: "undo", ids: [2] }]);
});

test("a muted operation says so, and is heard of again from here", async () => {
  const asked = await showTwo();
  await userEvent.click(within(await rowOf("W-1")).getByRole("button", { name: "Mute" }));
  const row = await rowOf("W-1");
  expect(await within(row).findByText("Muted")).toBeTruthy();
  await userEvent.click(within(row).getByRole("button", { name: "Hear of it again" }));
  await waitFor(() => expect(asked.at(-1)?.body).toEqual({ about: MUTED, muted: false }));
});

test("where nothing is put off, the tab says what it is for", async () => {
  await showInbox([], {}, "snoozed");
  expect(await screen.findByText("Nothing is put off.")).toBeTruthy();
});
