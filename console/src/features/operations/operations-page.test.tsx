import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { operation, WITHDRAWAL } from "~/lib/testing/operations";
import { serve } from "~/lib/testing/server";
import { show } from "~/lib/testing/show";
import { openStreams, tellStream } from "~/lib/testing/stream";
import type { View } from "./list-query";
import { OperationsPage } from "./operations-page";

const COUNTS = {
  items: [
    { status: "pending", count: 1204 },
    { status: "success", count: 44870 },
    { status: "error", count: 312 },
    { status: "rejected", count: 1827 },
  ],
  capped: false,
};

const first = operation({ id: "01939f4e-0000-7000-8000-000000000001", reference: "W-1" });
const second = operation({
  id: "01939f4e-0000-7000-8000-000000000002",
  reference: "W-2",
  status: "error",
  stage: "failed",
  amount: { value: "980.00", currency: "EUR" },
});

function world(items = [first, second], next: string | null = null) {
  return {
    "GET /v1/operations": { items, next_cursor: next, count: null },
    "GET /v1/counts": COUNTS,
    "GET /v1/kinds": { items: [{ kind: "withdrawal", version: 1, document: WITHDRAWAL }] },
    "GET /v1/kinds/withdrawal": { kind: "withdrawal", version: 1, document: WITHDRAWAL },
  };
}

const onView = vi.fn();
const onShow = vi.fn();

async function showPage(view: View = {}) {
  await show(
    <OperationsPage
      view={view}
      opened={undefined}
      onBulk={() => undefined}
      onView={onView}
      onShow={onShow}
      onClose={() => undefined}
    />,
  );
}

beforeEach(() => {
  onView.mockReset();
  onShow.mockReset();
});

test("a row tells status and stage in words, type, number, subject and amount", async () => {
  serve(world());
  await showPage();
  const row = await screen.findByRole("row", { name: /W-1/ });
  expect(within(row).getByText("Pending")).toBeTruthy();
  expect(await within(row).findByText("Under review")).toBeTruthy();
  expect(within(row).getByText("Withdrawal")).toBeTruthy();
  expect(within(row).getByText("player-7")).toBeTruthy();
  expect(within(row).getByText("€2,450.00")).toBeTruthy();
});

test("a tab shows its count and adds its status to the filter that is there", async () => {
  serve(world());
  await showPage({ q: "kind:withdrawal" });
  await userEvent.click(await screen.findByRole("button", { name: /Error\s*312/ }));
  expect(onView).toHaveBeenCalledWith({ q: "status:error kind:withdrawal" });
});

test("a view of one kind calls its subject by the kind's own word", async () => {
  serve(world());
  await showPage({ q: "kind:withdrawal" });
  expect(await screen.findByRole("columnheader", { name: "Player" })).toBeTruthy();
});

test("only what the server can order by is a button to order by", async () => {
  serve(world());
  await showPage();
  const created = await screen.findByRole("columnheader", { name: /Created/ });
  expect(created.getAttribute("aria-sort")).toBe("descending");
  expect(within(screen.getByRole("columnheader", { name: "Amount" })).queryByRole("button")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: /Deadline/ }));
  expect(onView).toHaveBeenCalledWith({ sort: "deadline_at" });
});

test("an order by deadline asks only for what has one", async () => {
  const asked = serve(world());
  await showPage({ q: "status:pending", sort: "deadline_at" });
  await screen.findByRole("row", { name: /W-1/ });
  const list = asked.find((one) => one.url.pathname === "/v1/operations");
  expect(list?.url.searchParams.get("q")).toBe("status:pending deadline:*");
});

test("j and k walk through the rows", async () => {
  serve(world());
  await showPage();
  await screen.findByRole("row", { name: /W-1/ });
  await userEvent.keyboard("j");
  expect(document.activeElement?.textContent).toBe("W-1");
  await userEvent.keyboard("j");
  expect(document.activeElement?.textContent).toBe("W-2");
  await userEvent.keyboard("k");
  expect(document.activeElement?.textContent).toBe("W-1");
});

test("a click opens the operation", async () => {
  serve(world());
  await showPage();
  await userEvent.click(within(await screen.findByRole("row", { name: /W-2/ })).getByText("€980.00"));
  expect(onShow).toHaveBeenCalledWith(second.id);
});

test("more rows follow the first ones and keep them", async () => {
  serve({
    ...world(),
    "GET /v1/operations": ({ url }: { url: URL }) =>
      url.searchParams.get("cursor") === "c2"
        ? { body: { items: [second], next_cursor: null, count: null } }
        : { body: { items: [first], next_cursor: "c2", count: null } },
  });
  await showPage();
  await userEvent.click(await screen.findByRole("button", { name: "Load more" }));
  expect(await screen.findByRole("row", { name: /W-2/ })).toBeTruthy();
  expect(screen.getByRole("row", { name: /W-1/ })).toBeTruthy();
  expect(screen.getByText("2 shown, that is all")).toBeTruthy();
});

test("a filter that finds nothing says which term to leave out, and what that gives", async () => {
  serve({ ...world([]), "GET /v1/counts": { items: [{ status: "pending", count: 7 }], capped: false } });
  await showPage({ q: "subject:nobody status:error" });
  expect(await screen.findByRole("heading", { name: "No operation fits this filter" })).toBeTruthy();
  await userEvent.click(await screen.findByRole("button", { name: /status:error\s*gives 7/ }));
  expect(onView).toHaveBeenCalledWith({ q: "subject:nobody" });
});

test("the first time, the page says how operations come here", async () => {
  serve(world([]));
  await showPage();
  expect(await screen.findByRole("heading", { name: "No operations yet" })).toBeTruthy();
});

test("a failure says what went wrong, gives the request's id, and can be tried again", async () => {
  let broken = true;
  serve({
    ...world(),
    "GET /v1/operations": () =>
      broken
        ? {
            status: 500,
            body: { code: "internal", detail: "" },
            headers: { "X-Request-Id": "r-42" },
          }
        : { body: { items: [first], next_cursor: null, count: null } },
  });
  await showPage();
  const alert = await screen.findByRole("alert");
  expect(within(alert).getByText(/The server made a mistake/)).toBeTruthy();
  expect(within(alert).getByText("r-42")).toBeTruthy();
  broken = false;
  await userEvent.click(within(alert).getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("row", { name: /W-1/ })).toBeTruthy();
});

test("where the server asks for patience, the page waits and then asks again by itself", async () => {
  let asked = 0;
  serve({
    ...world(),
    "GET /v1/operations": () => {
      asked += 1;
      return asked === 1
        ? { status: 429, body: { code: "rate_limited", detail: "" }, headers: { "Retry-After": "1" } }
        : { body: { items: [first], next_cursor: null, count: null } };
    },
  });
  await showPage();
  expect(await screen.findByRole("button", { name: "Again in 1 s" })).toBeTruthy();
  expect(await screen.findByRole("row", { name: /W-1/ }, { timeout: 3_000 })).toBeTruthy();
});

test("a filter that is not understood shows the fault and offers what was meant", async () => {
  const body = {
    code: "invalid_query",
    detail: "There is no field 'stauts'. Did you mean status?",
    offset: 16,
    length: 6,
    expected: ["stage", "status"],
    did_you_mean: "status",
  };
  serve({ ...world(), "GET /v1/operations": () => ({ status: 400, body }) });
  await showPage({ q: "kind:withdrawal stauts:error" });
  const alert = await screen.findByRole("alert");
  expect(within(alert).getByText("stauts").tagName).toBe("MARK");
  await userEvent.click(within(alert).getByRole("button", { name: "Did you mean status?" }));
  expect(onView).toHaveBeenCalledWith({ q: "kind:withdrawal status:error" });
});

test("a row that left the view stays in its place and no longer claims its old status", async () => {
  let moved = false;
  serve({
    ...world(),
    "GET /v1/operations": () => {
      const items = moved ? [second] : [first, second];
      moved = true;
      return { body: { items, next_cursor: null, count: null } };
    },
  });
  await showPage({ q: "waiting_on:operator" });
  const row = await screen.findByRole("row", { name: /W-1/ });
  expect(await within(row).findByText("Changed, no longer in this view")).toBeTruthy();
  expect(within(row).queryByText("Pending")).toBeNull();
});

test("what is new waits above the rows until somebody asks for it", async () => {
  const third = operation({ id: "01939f4e-0000-7000-8000-000000000003", reference: "W-3" });
  let asked = 0;
  serve({
    ...world(),
    "GET /v1/operations": () => {
      asked += 1;
      return { body: { items: asked === 1 ? [first] : [third, first], next_cursor: null, count: null } };
    },
  });
  await showPage();
  const pill = await screen.findByRole("button", { name: "1 new – show" });
  expect(screen.queryByRole("row", { name: /W-3/ })).toBeNull();
  await userEvent.click(pill);
  expect(await screen.findByRole("row", { name: /W-3/ })).toBeTruthy();
  expect(screen.queryByText("Changed, no longer in this view")).toBeNull();
});

const CHIPS = {
  canonical: "kind:withdrawal status:error",
  chips: [
    { text: "kind:withdrawal", negated: false, from: 0, to: 15, field: "kind" },
    { text: "status:error", negated: false, from: 16, to: 28, field: "status" },
  ],
  profile: "row",
};

test("each term of the filter is a chip that can be left out", async () => {
  serve({ ...world(), "GET /v1/query/parse": CHIPS });
  await showPage({ q: "kind:withdrawal status:error" });
  await userEvent.click(await screen.findByRole("button", { name: "Leave out kind:withdrawal" }));
  expect(onView).toHaveBeenCalledWith({ q: "status:error" });
});

test("the filter is written with suggestions by keyboard, and applied with Enter", async () => {
  serve({
    ...world(),
    "GET /v1/query/complete": ({ url }: { url: URL }) => ({
      body: {
        items:
          url.searchParams.get("q") === "kind:withdrawal sta"
            ? [{ text: "status:", label: "status:", kind: "field", from: 16, to: 19 }]
            : url.searchParams.get("q") === "kind:withdrawal status:err"
              ? [{ text: "error", label: "error", kind: "value", from: 23, to: 26 }]
              : [],
      },
    }),
  });
  await showPage({ q: "kind:withdrawal" });
  await screen.findByRole("row", { name: /W-1/ });
  await userEvent.keyboard("/");
  const field = screen.getByRole("combobox", { name: "Filter" });
  expect(document.activeElement).toBe(field);
  await userEvent.keyboard("sta");
  await screen.findByRole("option", { name: /status:/ });
  await userEvent.keyboard("{ArrowDown}{Enter}");
  await userEvent.keyboard("err");
  expect(await screen.findByRole("option", { name: /^error/ })).toBeTruthy();
  await userEvent.keyboard("{ArrowDown}{Enter}{Enter}");
  expect(onView).toHaveBeenCalledWith({ q: "kind:withdrawal status:error" });
});

test("values are suggested with how many there are, also those that only the counts know", async () => {
  serve({
    ...world(),
    "GET /v1/query/complete": { items: [{ text: "*", label: "*", kind: "value", from: 6, to: 6 }] },
    "GET /v1/counts": ({ url }: { url: URL }) => ({
      body:
        url.searchParams.get("by") === "brand"
          ? {
              items: [
                { brand: "casino-be", count: 7 },
                { brand: "casino nl", count: 1204 },
              ],
              capped: false,
            }
          : COUNTS,
    }),
  });
  await showPage();
  await screen.findByRole("row", { name: /W-1/ });
  await userEvent.keyboard("/brand:");
  const options = await screen.findAllByRole("option", { name: /casino/ });
  expect(options.map((one) => one.textContent)).toEqual(['"casino nl"casino nl1,204', "casino-be7"]);
  await userEvent.click(options[0] as HTMLElement);
  expect(screen.getByRole("combobox", { name: "Filter" })).toHaveProperty("value", 'brand:"casino nl"');
});

test("a fault is told where it stands, and its remedy is the first suggestion", async () => {
  const problem = {
    code: "invalid_query",
    detail: "There is no field 'stauts'. Did you mean status?",
    offset: 0,
    length: 6,
    did_you_mean: "status",
  };
  serve({
    ...world(),
    "GET /v1/query/parse": () => ({ status: 400, body: problem }),
    "GET /v1/query/complete": { items: [] },
  });
  await showPage();
  await screen.findByRole("row", { name: /W-1/ });
  await userEvent.keyboard("/stauts:error ");
  await userEvent.click(await screen.findByRole("option", { name: /status\s*Did you mean this/ }));
  expect(screen.getByRole("combobox", { name: "Filter" })).toHaveProperty("value", "status:error ");
});

test("a value in a cell filters the list, and excludes", async () => {
  serve(world());
  await showPage({ q: "kind:withdrawal" });
  await screen.findByRole("row", { name: /W-1/ });
  await userEvent.keyboard("j{ArrowRight}");
  await userEvent.click(await screen.findByRole("button", { name: "Filter on player-7" }));
  expect(onView).toHaveBeenCalledWith({ q: "subject:player-7 kind:withdrawal" });
  await userEvent.click(screen.getByRole("button", { name: "Exclude player-7" }));
  expect(onView).toHaveBeenCalledWith({ q: "kind:withdrawal -subject:player-7" });
});

test("the columns are those of the address, in its order", async () => {
  serve(world());
  await showPage({ cols: "brand,number,status" });
  await screen.findByRole("row", { name: /W-1/ });
  const heads = screen.getAllByRole("columnheader").map((head) => head.textContent);
  expect(heads.filter(Boolean)).toEqual(["Brand", "Number", "Status"]);
});

test("what the server tells changes the row where it stands, and flashes it once", async () => {
  serve(world());
  await showPage();
  const row = await screen.findByRole("row", { name: /W-1/ });
  await tellStream({ ...first, version: 3, status: "success", stage: "paid" });
  expect(within(row).getByText("Success")).toBeTruthy();
  expect(row.dataset.flash).toBe("");
});

test("a row that the filter finds no more stays, greyed, until somebody asks for the new state", async () => {
  serve(world());
  await showPage({ q: "status:pending" });
  const row = await screen.findByRole("row", { name: /W-1/ });
  await tellStream({ ...first, version: 3, status: "success", stage: "paid" }, false);
  expect(within(row).getByText("Changed, no longer in this view")).toBeTruthy();
  await tellStream({ ...first, version: 4 }, true);
  expect(within(row).getByText("Pending")).toBeTruthy();
});

test("a new operation is counted above the rows, and moves none", async () => {
  serve(world());
  await showPage();
  await screen.findByRole("row", { name: /W-1/ });
  const created_at = "2026-11-23T09:00:00Z";
  await tellStream(operation({ id: "01939f4e-0000-7000-8000-000000000009", reference: "W-9", created_at }));
  expect(await screen.findByRole("button", { name: "1 new – show" })).toBeTruthy();
  expect(screen.queryByRole("row", { name: /W-9/ })).toBeNull();
});

test("nothing is told while nobody looks", async () => {
  serve(world());
  await showPage();
  await screen.findByRole("row", { name: /W-1/ });
  expect(openStreams()).toHaveLength(1);
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  await act(async () => document.dispatchEvent(new Event("visibilitychange")));
  expect(openStreams()).toHaveLength(0);
});
