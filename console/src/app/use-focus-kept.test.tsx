import { act, render, screen, waitFor } from "@testing-library/react";
import { useRef } from "react";
import { expect, test } from "vitest";
import { useFocusKept } from "./use-focus-kept";

function Page({ has, busy = false }: { has: boolean; busy?: boolean }) {
  const content = useRef<HTMLDivElement>(null);
  useFocusKept(content);
  return (
    <div ref={content} id="content" tabIndex={-1}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: as the tables that scroll */}
      <section tabIndex={0} aria-label="Open now">
        {has ? (
          <button type="button" disabled={busy}>
            Take note
          </button>
        ) : (
          "Anna"
        )}
      </section>
    </div>
  );
}

test("where a focused button goes, what holds it has the focus", async () => {
  const { rerender } = render(<Page has />);
  act(() => screen.getByRole("button").focus());
  rerender(<Page has={false} />);
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("region")));
});

function Pages({ at }: { at: "one" | "another" }) {
  const content = useRef<HTMLDivElement>(null);
  useFocusKept(content);
  return (
    <div ref={content} id="content" tabIndex={-1}>
      <main key={at}>{at === "one" ? <button type="button">Back</button> : "Another"}</main>
    </div>
  );
}

test("another page says by itself what has the focus", async () => {
  const { rerender } = render(<Pages at="one" />);
  act(() => screen.getByRole("button").focus());
  rerender(<Pages at="another" />);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(document.activeElement).toBe(document.body);
});

test("a focus that went elsewhere stays there", async () => {
  const { rerender } = render(<Page has />);
  act(() => screen.getByRole("button").focus());
  act(() => screen.getByRole("region").parentElement?.focus());
  rerender(<Page has={false} />);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(document.activeElement?.id).toBe("content");
});
