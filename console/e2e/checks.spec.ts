import { expect, test } from "@playwright/test";
import { expectAccessible, signInBeside, speak, url } from "./console";

const WORDS = {
  en: {
    checks: "Checks",
    set: "Set Refund: Velocity",
    atMost: "At most",
    reason: "Reason",
    ask: "Ask for it",
    why: "Say why: whoever approves it reads this.",
    withdraw: "Withdraw",
    withdrawn: "The change is withdrawn",
    passed: "passes",
    again: "Examine once more",
    evidence: "Evidence",
  },
  nl: {
    checks: "Controles",
    set: "Terugbetaling: Velocity instellen",
    atMost: "Hoogstens",
    reason: "Reden",
    ask: "Aanvragen",
    why: "Zeg waarom: wie het goedkeurt, leest dit.",
    withdraw: "Intrekken",
    withdrawn: "De wijziging is ingetrokken",
    passed: "slaagt",
    again: "Nog eens controleren",
    evidence: "Onderbouwing",
  },
} as const;

for (const language of ["en", "nl"] as const) {
  const words = WORDS[language];

  test(`${language}: a check is set by asking for it, and what checks said stands with the operation`, async ({
    page,
  }) => {
    await signInBeside(page.request);
    await speak(page, language);
    await page.goto(`${url()}/checks`);
    await expect(page.getByRole("heading", { level: 1, name: words.checks })).toBeVisible();
    await page.getByRole("button", { name: words.set }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(words.atMost).fill("7");
    await dialog.getByRole("button", { name: words.ask }).click();
    await expect(dialog.getByText(words.why)).toBeVisible();
    const reason = `A busy weekend (${language}, ${Date.now()})`;
    await dialog.getByLabel(words.reason).fill(reason);
    await expectAccessible(page);
    await dialog.getByRole("button", { name: words.ask }).click();
    const waiting = page.getByRole("row").filter({ hasText: reason });
    await expect(waiting).toBeVisible();
    await expectAccessible(page);
    await waiting.getByRole("button", { name: words.withdraw }).click();
    await expect(waiting.getByText(words.withdrawn)).toBeVisible();

    const opened = await page.request.post(`${url()}/v1/operations`, {
      data: {
        kind: "refund",
        reference: `C-${language}-${Date.now()}`,
        subject: `checked-${Date.now()}`,
        amount: { value: "20.00", currency: "EUR" },
      },
      headers: { Origin: url() },
    });
    const { id } = (await opened.json()) as { id: string };
    await page.goto(`${url()}/operations/${id}`);
    await page.getByRole("tab", { name: words.checks }).click();
    await expect(page.getByRole("columnheader", { name: words.evidence })).toBeVisible();
    await expect(page.getByRole("cell", { name: words.passed, exact: true })).toBeVisible();
    await expect(page.getByText("kind:refund subject:$subject created>-24h")).toBeVisible();
    await expectAccessible(page);
  });
}
