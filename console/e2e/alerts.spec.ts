import { execFileSync } from "node:child_process";
import { expect, test } from "@playwright/test";
import { expectAccessible, signInBeside, speak, url } from "./console";

const WORDS = {
  en: {
    alerts: "Alerts",
    openNow: "Open now",
    what: "More errors than usual",
    note: /^Take note/,
    usual: "at most 2%",
    setLimit: "Set a limit…",
    percent: "Limit in percent",
    set: "Set the limit",
    limits: "Limits",
    typed: "40",
    limit: "at most 40%",
    incident: /^Open an incident: /,
    which: "Which operations",
    underWay: /^Under way now: \d+$/,
    open: "Open the incident",
    waits: "Its operations wait",
    release: "Release…",
    rate: "Operations asked about a minute",
    released: "Release",
    timeline: "Timeline",
    goesOn: "Everything goes on",
    closing: "Close the incident…",
    close: "Close the incident",
    closed: "Closed",
  },
  nl: {
    alerts: "Afwijkingen",
    openNow: "Nu open",
    what: "Meer fouten dan gewoon",
    note: /^Ik kijk ernaar/,
    usual: "hoogstens 2%",
    setLimit: "Grens instellen…",
    percent: "Grens in procenten",
    set: "De grens instellen",
    limits: "Grenzen",
    typed: "40,5",
    limit: "hoogstens 40,5%",
    incident: /^Incident openen: /,
    which: "Welke zaken",
    underWay: /^Nu in behandeling: \d+$/,
    open: "Het incident openen",
    waits: "De zaken wachten",
    release: "Vrijgeven…",
    rate: "Zaken per minuut waarnaar gevraagd wordt",
    released: "Vrijgeven",
    timeline: "Tijdlijn",
    goesOn: "Alles gaat verder",
    closing: "Incident sluiten…",
    close: "Incident sluiten",
    closed: "Afgesloten",
  },
} as const;

/** Of whom alone it is, as the table has it. */
type Whose = { brand: string } | { attribute: string; provider: string };
const CASINO = { brand: "casino-nl" };

/** An alert as a look would have opened it: two weeks of a busy past are more than a journey can wait for. */
function openAlert(kind: string, level: "warning" | "critical", whose: Whose = CASINO): void {
  const { E2E_DATA: data } = process.env;
  if (!data) throw new Error("E2E_DATA is not set");
  execFileSync("viertakt", [
    "psql",
    "--data",
    data,
    "-c",
    `INSERT INTO viertakt.alert (alert_id, measure, direction, level, kind, ${Object.keys(whose)}, value, usual,
       window_minutes, score, opened_at, looked_at)
     VALUES (gen_random_uuid(), 'errors', 'above', '${level}', '${kind}', ${Object.values(whose).map((one) => `'${one}'`)},
       0.24, 0.02, 30, 17, now(), now())`,
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
      .getByRole("region", { name: words.openNow })
      .getByRole("row")
      .filter({ has: page.locator(`a[href*="kind%3A${kind}"], a[href*="kind:${kind}"]`) });
    await expect(row).toContainText(words.usual);
    await expectAccessible(page);
    await row.getByRole("button", { name: words.note }).click();
    await expect(row).toContainText("Anna de Vries");
    await row.getByRole("link", { name: words.what }).click();
    await expect(page).toHaveURL(/status(:|%3A)error/);
  });

for (const [language, scheme, kind, attribute, provider] of [
  ["en", "light", "refund", "method", "card"],
  ["nl", "dark", "dispute", "scheme", "visa"],
] as const)
  test(`an incident is opened from an alert, released and closed (${language}, ${scheme})`, async ({
    page,
  }) => {
    test.skip(!process.env.E2E_DATA, "needs the database of its own server");
    const words = WORDS[language];
    openAlert(kind, "critical", { attribute, provider });
    await page.emulateMedia({ colorScheme: scheme });
    await signInBeside(page.request);
    await speak(page, language);
    await page.goto(`${url()}/alerts`);
    await page.getByRole("button", { name: words.setLimit }).click();
    await page.getByRole("dialog").getByLabel(words.percent).fill(words.typed);
    await page.getByRole("dialog").getByRole("button", { name: words.set, exact: true }).click();
    await expect(page.getByRole("region", { name: words.limits })).toContainText(words.limit);
    const row = page
      .getByRole("region", { name: words.openNow })
      .getByRole("row")
      .filter({ has: page.locator(`a[href*="kind%3A${kind}"], a[href*="kind:${kind}"]`) });
    await expect(row).toContainText(`: ${provider}`);
    await row.getByRole("button", { name: words.incident }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByLabel(words.which)).toHaveValue(
      `kind:${kind} attributes.${attribute}:${provider}`,
    );
    await expect(dialog.getByRole("status")).toHaveText(words.underWay);
    await expectAccessible(page);
    await dialog.getByRole("button", { name: words.open, exact: true }).click();
    await expect(page).toHaveURL(/\/incidents\//);
    await expect(page.getByText(words.waits).first()).toBeVisible();
    await expect(page.getByRole("link", { name: words.what })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: words.release }).click();
    await dialog.getByLabel(words.rate).fill("120");
    await dialog.getByRole("button", { name: words.released, exact: true }).click();
    const timeline = page.getByRole("list", { name: words.timeline });
    await expect(timeline).toContainText(words.goesOn);
    await page.getByRole("button", { name: words.closing }).click();
    await dialog.getByRole("button", { name: words.close, exact: true }).click();
    await expect(timeline.getByRole("listitem").last()).toContainText(words.closed);
  });
