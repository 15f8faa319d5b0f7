import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { operation, WITHDRAWAL } from "~/lib/testing/operations";
import { serve } from "~/lib/testing/server";
import { show } from "~/lib/testing/show";
import type { View } from "./list-query";
import { OperationsPage } from "./operations-page";

const first = operation({ id: "01939f4e-0000-7000-8000-000000000001", reference: "W-1" });
const second = operation({ id: "01939f4e-0000-7000-8000-000000000002", reference: "W-2" });
const onShow = vi.fn();
const onBulk = vi.fn();

async function showPage(view: View, next: string | null = null) {
  serve({
    "GET /v1/operations": { items: [first, second], next_cursor: next, count: null },
    "GET /v1/counts": { items: [{ status: "pending", count: 2 }], capped: false },
    "GET /v1/kinds": { items: [{ kind: "withdrawal", version: 1, document: WITHDRAWAL }] },
    "GET /v1/kinds/withdrawal": { kind: "withdrawal", version: 1, document: WITHDRAWAL },
  });
  await show(
    <OperationsPage
      view={view}
      opened={undefined}
      onBulk={onBulk}
      onView={() => undefined}
      onShow={onShow}
      onClose={() => undefined}
    />,
  );
  await screen.findByRole("row", { name: /W-1/ });
}

beforeEach(() => {
  onShow.mockReset();
  onBulk.mockReset();
});

test("rows are ticked by key and pointer, and what is ticked is what a step in bulk is about", async () => {
  await showPage({});
  await userEvent.keyboard("jx");
  expect(screen.getByRole<HTMLInputElement>("checkbox", { name: "Select W-1" }).checked).toBe(true);
  await userEvent.click(screen.getByRole("checkbox", { name: "Select W-2" }));
  expect(onShow).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole("button", { name: "Take a step in bulk…" }));
  expect(onBulk).toHaveBeenLastCalledWith({ ids: [first.id, second.id], kinds: ["withdrawal"] });
  await userEvent.click(screen.getByRole("button", { name: "Clear the selection" }));
  expect(screen.queryByRole("region", { name: "Selection" })).toBeNull();
});

test("everything that matches the filter is chosen by the filter itself, also what is not loaded", async () => {
  await showPage({ q: "kind:withdrawal" }, "next");
  await userEvent.click(screen.getByRole("checkbox", { name: "Select all that are shown" }));
  await userEvent.click(screen.getByRole("button", { name: "Select everything that matches this filter" }));
  await userEvent.click(screen.getByRole("button", { name: "Take a step in bulk…" }));
  expect(onBulk).toHaveBeenLastCalledWith({ q: "kind:withdrawal" });
});
