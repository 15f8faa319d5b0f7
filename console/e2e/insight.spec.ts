import { expect, type Locator, test } from "@playwright/test";
import { expectAccessible, type Language, listed, openWithdrawal, signInBeside, speak, url } from "./console";

const WORDS = {
  en: {
    overview: "Overview",
    period: "Period",
    days: "30 days",
    type: "By type",
    table: "Show as a table",
    reports: "Reports",
  },
  nl: {
    overview: "Overzicht",
    period: "Periode",
    days: "30 dagen",
    type: "Per type",
    table: "Toon als tabel",
    reports: "Rapporten",
  },
} as const;

for (const language of ["en", "nl"] as Language[])
  test(`the overview's numbers are those of their lists (${language})`, async ({ page }) => {
    const words = WORDS[language];
    await speak(page, language);
    await signInBeside(page.request);
    await openWithdrawal(page.request);
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(`${url()}/overview`);
      await expect(page.getByRole("heading", { name: words.type })).toBeVisible();
      await expect(page.getByText("…", { exact: true })).toHaveCount(0);
      await expectAccessible(page);
    }
    await page.getByText(words.days, { exact: true }).click();
    await expect(page).toHaveURL(/period=30/);
    const links = page.getByRole("main").getByRole("link");
    const numbers = (await links.allInnerTexts())
      .map((text, at) => ({ at, number: /^[\d.,]+$/m.exec(text)?.[0] }))
      .filter(({ number }) => number !== undefined && number !== "0");
    expect(numbers.length).toBeGreaterThan(3);
    for (const { at } of numbers.slice(0, 6)) {
      const link = links.nth(at);
      const before = await numberOf(link);
      await link.click();
      await expect(page).toHaveURL(/\/operations\?q=/);
      const found = await listed(page);
      await page.goBack();
      // What other journeys moved meanwhile is counted in the list, and in the overview when it is asked again.
      await page.reload();
      await expect(page.getByRole("heading", { name: words.type })).toBeVisible();
      await expect(page.getByText("…", { exact: true })).toHaveCount(0);
      const after = await numberOf(link);
      expect(found).toBeGreaterThanOrEqual(Math.min(before, after));
      expect(found).toBeLessThanOrEqual(Math.max(before, after));
    }
  });

async function numberOf(link: Locator): Promise<number> {
  await expect(link).toBeVisible();
  return Number(/^[\d.,]+$/m.exec(await link.innerText())?.[0].replaceAll(/\D/g, ""));
}
