import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Notice } from "~/api/generated/model/notice";
import type { NoticeGroup } from "~/api/generated/model/notice-group";
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
async function showInbox(groups: NoticeGroup[], routes: Record<string, unknown> = {}): Promise<Asked[]> {
  const asked = serve({
    "GET /v1/notices": { items: groups, badge: BADGE, before: null },
    "GET /v1/notices/mutes": { items: [] },
    "GET /v1/kinds/withdrawal": { kind: "withdrawal", version: 1, document: WITHDRAWAL },
    "GET /v1/reasons": { items: [] },
    ...routes,
  });
  await show(<InboxPage tab="unread" />);
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
