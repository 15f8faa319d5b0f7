import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { show } from "~/lib/testing/show";
import { Dialog } from "./dialog";

/** A button that opens a dialog, which may be answered by another one, or take its opener away. */
function Part() {
  const [open, setOpen] = useState<"ask" | "told" | null>(null);
  const [gone, setGone] = useState(false);
  return (
    <div id="content" tabIndex={-1}>
      {gone ? null : (
        <button type="button" onClick={() => setOpen("ask")}>
          Opener
        </button>
      )}
      {open === "ask" ? (
        <Dialog title="Ask" size={300} onClose={() => setOpen(null)}>
          <button
            type="button"
            data-autofocus
            onClick={({ currentTarget }) => {
              // As a button that waits for its answer: the browser takes the focus from it.
              currentTarget.blur();
              setOpen("told");
            }}
          >
            On
          </button>
          <button
            type="button"
            onClick={() => {
              setOpen(null);
              setGone(true);
            }}
          >
            Take it away
          </button>
        </Dialog>
      ) : null}
      {open === "told" ? (
        <Dialog title="Told" size={300}>
          <button type="button" data-autofocus onClick={() => setOpen(null)}>
            Kept
          </button>
        </Dialog>
      ) : null}
    </div>
  );
}

async function opened(): Promise<void> {
  await show(<Part />);
  const opener = screen.getByRole("button", { name: "Opener" });
  opener.focus();
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(document.activeElement?.textContent).toBe("On"));
}

for (const how of ["Escape", "button"] as const)
  test(`who closes a dialog is back where it was opened (${how})`, async () => {
    await opened();
    if (how === "Escape") await userEvent.keyboard("{Escape}");
    else await userEvent.click(screen.getByRole("button", { name: "Close" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(document.activeElement?.textContent).toBe("Opener");
  });

test("a dialog in the place of another gives back what that one was given", async () => {
  await opened();
  await userEvent.click(screen.getByRole("button", { name: "On" }));
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Kept"));
  await userEvent.click(screen.getByRole("button", { name: "Kept" }));
  expect(document.activeElement?.textContent).toBe("Opener");
});

test("where its opener is gone, the page has the focus", async () => {
  await opened();
  await userEvent.click(screen.getByRole("button", { name: "Take it away" }));
  await waitFor(() => expect(document.activeElement?.id).toBe("content"));
});
