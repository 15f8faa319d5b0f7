import { type Browser, expect, type Page, test } from "@playwright/test";
import { expectAccessible, type Language, openWithdrawal, signInBeside, speak, url } from "./console";

const WORDS = {
  en: {
    section: "Absence and stand-in",
    standIn: "Stand-in",
    until: "Until",
    away: "I am away meanwhile",
    name: "Name a stand-in",
    named: "Sara Mulder stands in for you · away",
    inName: "In the name of Bram Kok",
    give: "Give approval",
    spoken: /Sara Mulder for Bram Kok/,
    waits: "“Approve” waits for approval",
    one: "1 of 2",
    end: "End: Sara Mulder for Bram Kok",
    nobody: "Nobody stands in for you, and you for nobody.",
  },
  nl: {
    section: "Afwezigheid en vervanging",
    standIn: "Vervanger",
    until: "Tot",
    away: "Ik ben dan afwezig",
    name: "Vervanger aanwijzen",
    named: "Sara Mulder vervangt u · afwezig",
    inName: "Namens Bram Kok",
    give: "Goedkeuring geven",
    spoken: /Sara Mulder voor Bram Kok/,
    waits: "“Goedkeuren” wacht op goedkeuring",
    one: "1 van 2",
    end: "Beëindigen: Sara Mulder voor Bram Kok",
    nobody: "Niemand vervangt u, en u vervangt niemand.",
  },
} as const;

test.skip(!process.env.E2E_TEAM && !!process.env.E2E_URL, "needs the people that start-server.ts hires");

for (const language of ["en", "nl"] as const) {
  const words = WORDS[language];

  test(`who is away is stood in for, and the two count as one (${language})`, async ({ browser }) => {
    const bram = await pageOf(browser, "bram@example.com", language);
    await bram.goto(`${url()}/account`);
    const section = bram.getByRole("region", { name: words.section });
    await section.getByLabel(words.standIn).selectOption({ label: "Sara Mulder" });
    await section.getByLabel(words.until, { exact: true }).fill(inThreeDays());
    await expect(section.getByLabel(words.away)).toBeChecked();
    await section.getByRole("button", { name: words.name }).click();
    await expect(section.getByRole("listitem")).toContainText(words.named);
    await expectAccessible(bram);

    // Asked by somebody who may ask, and stands in for nobody.
    const olga = await pageOf(browser, "olga@example.com", language);
    const { id, reference } = await openWithdrawal(olga.request);
    const asked = await olga.request.post(`${url()}/v1/operations/${id}/moves`, {
      data: { transition: "approve", comment: "Known for years" },
      headers: { Origin: url() },
    });
    expect(asked.status()).toBe(202);

    const sara = await pageOf(browser, "sara@example.com", language);
    await sara.goto(`${url()}/approvals`);
    const row = sara.getByRole("row").filter({ hasText: reference });
    await expect(row).toContainText(words.inName);
    await expectAccessible(sara);
    await row.getByRole("button", { name: words.give }).focus();
    await sara.keyboard.press("Enter");
    const dialog = sara.getByRole("dialog", { name: words.give });
    await expect(dialog).toContainText(words.inName);
    await expectAccessible(sara);
    await dialog.getByRole("button", { name: words.give }).click();
    await expect(row).toBeHidden();

    // Bram has spoken with it: his own approval is no second one.
    await bram.goto(`${url()}/operations/${id}`);
    const waiting = bram.getByRole("region", { name: words.waits });
    await expect(waiting).toContainText(words.spoken);
    await expect(waiting).toContainText(words.one);
    await expect(waiting.getByRole("button", { name: words.give })).toBeHidden();
    await expectAccessible(bram);

    const lena = await pageOf(browser, "lena@example.com", language);
    await lena.goto(`${url()}/approvals`);
    const hers = lena.getByRole("row").filter({ hasText: reference });
    await expect(hers).toContainText(words.spoken);
    await hers.getByRole("button", { name: words.give }).click();
    await lena.getByRole("dialog").getByRole("button", { name: words.give }).click();
    await expect(hers).toBeHidden();
    await expect(bram.getByRole("region", { name: words.waits })).toBeHidden();

    await bram.goto(`${url()}/account`);
    await bram.getByRole("button", { name: words.end }).click();
    await expect(bram.getByText(words.nobody)).toBeVisible();
  });
}

async function pageOf(browser: Browser, email: string, language: Language): Promise<Page> {
  const page = await (await browser.newContext({ locale: language })).newPage();
  await signInBeside(page.request, email);
  await speak(page, language);
  return page;
}

/** As a field for a moment takes it: local time, to the minute. */
function inThreeDays(): string {
  const at = new Date(Date.now() + 3 * 24 * 3_600_000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
