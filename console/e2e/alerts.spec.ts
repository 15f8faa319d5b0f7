import { execFileSync } from "node:child_process";
import { expect, test } from "@playwright/test";
import { expectAccessible, signInBeside, speak, url } from "./console";

const WORDS = {
  en: {
    alerts: "Alerts",
    open: "Open now",
    what: "More errors than usual",
    note: /^Take note/,
    usual: "at most 2%",
  },
  nl: {
    alerts: "Afwijkingen",
    open: "Nu open",
    what: "Meer fouten dan gewoon",
    note: /^Bekeken/,
    usual: "hoogstens 2%",
  },
} as const;

/** An alert as a look would have opened it: two weeks of a busy past are more than a journey can wait for. */
function openAlert(brand: string, level: "warning" | "critical"): void {
  const { E2E_DATA: data } = process.env;
  if (!data) throw new Error("E2E_DATA is not set");
  execFileSync("viertakt", [
    "psql",
    "--data",
    data,
    "-c",
    `INSERT INTO viertakt.alert (alert_id, measure, direction, level, kind, brand, value, usual, window_minutes, score,
       opened_at, looked_at)
     VALUES (gen_random_uuid(), 'errors', 'above', '${level}', '${brand}', 'casino-nl', 0.24, 0.02, 30, 17, now(), now())`,
  ]);
}

for (const [language, scheme, kind] of [
  ["en", "light", "transfer"],
  ["nl", "dark", "booking"],
] as const)
  test(`an alert is found, opened and noted (${language}, ${scheme})`, async ({ page }) => {
    test.skip(!process.env.E2E_DATA, "needs the database of its own server");
    const words = WORDS[language];
    openAlert(kind, "critical");
    await page.emulateMedia({ colorScheme: scheme });
    await signInBeside(page.request);
    await speak(page, language);
    await page.goto(`${url()}/operations`);
    await page.getByRole("link", { name: words.alerts }).click();
    await expect(page.getByRole("heading", { level: 1, name: words.alerts })).toBeVisible();
    const row = page
      .getByRole("region", { name: words.open })
      .getByRole("row")
      .filter({ has: page.locator(`a[href*="kind%3A${kind}"], a[href*="kind:${kind}"]`) });
    await expect(row).toContainText(words.usual);
    await expectAccessible(page);
    await row.getByRole("button", { name: words.note }).click();
    await expect(row).toContainText("Anna de Vries");
    await row.getByRole("link", { name: words.what }).click();
    await expect(page).toHaveURL(/status(:|%3A)error/);
  });
