// From the key that changes a filter to the painted list, in the browser: `npm run measure`, with E2E_URL, E2E_EMAIL and
// E2E_PASSWORD naming the server, such as `viertakt up` over the ten million of bench/crowd.

import { expect, test } from "@playwright/test";
import { signInBeside, url } from "../e2e/console";

const FILTERS = [
  "kind:withdrawal",
  "status:pending",
  "kind:deposit status:error",
  "is:open",
  "kind:withdrawal status:rejected",
  "amount>=1000EUR",
  "is:overdue",
  "brand:market-nl status:pending",
  "created>-24h",
  "age>2d is:open",
  "waiting_on:operator",
  "kind:ticket,claim",
  "-kind:withdrawal status:pending",
  "kind:order created:-30d..",
  "status:error",
];

declare global {
  interface Window {
    painted: { from: number; to: number };
  }
}

test("a filter change is painted", async ({ page }) => {
  await signInBeside(page.request);
  await page.addInitScript(() => {
    window.painted = { from: 0, to: 0 };
    const start = (event: KeyboardEvent) => {
      if (event.key === "Enter") window.painted = { from: event.timeStamp, to: 0 };
    };
    addEventListener("keydown", start, true);
    // The first change of rows is the new list; a frame after the one in which they changed, they are on the screen.
    new MutationObserver((changes) => {
      const rows = changes.some(
        (one) =>
          (one.target as Element).closest?.("tbody") ||
          [...one.addedNodes].some((node) => node instanceof Element && node.querySelector("tbody")),
      );
      if (!rows || window.painted.to !== 0) return;
      window.painted.to = -1;
      requestAnimationFrame(() => requestAnimationFrame((at) => (window.painted.to = at)));
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(`${url()}/operations`);
  await expect(page.locator("tbody tr").first()).toBeVisible();
  const times: { filter: string; paint: number; server: number }[] = [];
  for (const filter of FILTERS) {
    await page.keyboard.press("/");
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(filter);
    await page.waitForTimeout(400);
    const answered = page.waitForResponse((one) => /\/v1\/operations\?/.test(one.url()));
    await page.keyboard.press("Enter");
    const response = await answered;
    await response.finished();
    await page.waitForTimeout(600);
    const { from, to } = await page.evaluate(() => window.painted);
    times.push({ filter, paint: to - from, server: response.request().timing().responseEnd });
  }
  // Each filter once: a second time its rows would come from the browser's own memory.
  const felt = times.sort((a, b) => a.paint - b.paint);
  for (const one of felt)
    console.log(`${one.paint.toFixed(0).padStart(5)} ms (server ${one.server.toFixed(0)} ms)  ${one.filter}`);
  const at = (share: number) =>
    felt[Math.min(felt.length - 1, Math.floor(felt.length * share))]?.paint ?? Number.NaN;
  console.log(JSON.stringify({ p50: Math.round(at(0.5)), p95: Math.round(at(0.95)) }));
});
