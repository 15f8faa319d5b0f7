import { type APIRequestContext, expect, type Page, test } from "@playwright/test";
import {
  expectAccessible,
  type Language,
  listed,
  move,
  openWithdrawal,
  signInBeside,
  speak,
  url,
} from "./console";

const WORDS = {
  en: {
    table: /^Table:/,
    chart: /^Chart:/,
    asTable: "Show as a table",
    asOf: /^As it stood at journal position/,
    present: "Show the present",
    forbidden: "Your roles do not open this report",
    nothing: "Nothing happened in this period",
    wider: "Look at",
    invalid: "This filter is not understood",
    freeze: "Freeze…",
    keep: "Freeze",
    corrections: "Corrections since",
  },
  nl: {
    table: /^Tabel:/,
    chart: /^Grafiek:/,
    asTable: "Toon als tabel",
    asOf: /^Zoals het stond op journaalpositie/,
    present: "Toon het heden",
    forbidden: "Uw rollen openen dit rapport niet",
    nothing: "In deze periode is niets gebeurd",
    wider: "Kijk naar",
    invalid: "Dit filter wordt niet begrepen",
    freeze: "Bevriezen…",
    keep: "Bevriezen",
    corrections: "Correcties sindsdien",
  },
} as const;

// Steps and promises are no operations: there is no list of so many of them.
const WITHOUT_LISTS = new Set(["people", "automation", "targets"]);
const ADDRESSES: Record<string, string> = { stages: "include=open" };

// Between two rounds of work, in milliseconds: operations move while a person reads, and the browser has a core to read with.
const BREATH = 100;

type Document = { id: string; available: { transition: string; reasons: string[] }[] };

/** A ticket that was opened, and one that ended for a reason: something for every report. */
async function work(request: APIRequestContext): Promise<void> {
  const opened = async () => {
    const reference = `R-${process.pid}-${Date.now()}-${Math.random()}`;
    const data = { kind: "ticket", reference, subject: "player-7", brand: "casino-nl" };
    const answer = await request.post(`${url()}/v1/operations`, { data, headers: { Origin: url() } });
    expect(answer.status()).toBe(201);
    return ((await answer.json()) as Document).id;
  };
  await move(request, await opened(), "start");
  const ended = await opened();
  const found = (await (await request.get(`${url()}/v1/operations/${ended}`)).json()) as Document;
  const reason = found.available.find((one) => one.transition === "dismiss")?.reasons[0] ?? "duplicate";
  const answer = await request.post(`${url()}/v1/operations/${ended}/moves`, {
    data: { transition: "dismiss", reason },
    headers: { Origin: url() },
  });
  expect(answer.status(), await answer.text()).toBe(201);
}

/** Operations go on being opened and moved until the answer is called. */
function keepMoving(request: APIRequestContext): () => Promise<void> {
  let going = true;
  const run = (async () => {
    while (going) {
      await work(request);
      await new Promise((rested) => setTimeout(rested, BREATH));
    }
  })();
  return () => {
    going = false;
    return run;
  };
}

/** The names of every report there is, from the server: a new one is tested as soon as it is offered. */
async function catalogue(request: APIRequestContext): Promise<string[]> {
  const answer = await request.get(`${url()}/v1/reports`);
  return ((await answer.json()) as { items: { name: string }[] }).items.map((one) => one.name);
}

/** Where in the table the counts stand that are not nought. */
async function countsIn(page: Page): Promise<{ at: number; number: number }[]> {
  const texts = await page.getByRole("table").getByRole("link").allInnerTexts();
  return texts
    .map((text, at) => ({ at, text: text.trim() }))
    .filter(({ text }) => /^[\d.,]+$/.test(text))
    .map(({ at, text }) => ({ at, number: Number(text.replaceAll(/\D/g, "")) }))
    .filter(({ number }) => number > 0);
}

// The longest of all files: its tests share nothing, and the two workers share them.
test.describe.configure({ mode: "parallel" });

for (const language of ["en", "nl"] as Language[]) {
  test(`every number of every report is the count of its list, while operations move (${language})`, async ({
    page,
    playwright,
  }) => {
    test.setTimeout(300_000);
    const words = WORDS[language];
    await page.emulateMedia({ colorScheme: language === "en" ? "light" : "dark" });
    await speak(page, language);
    await signInBeside(page.request);
    const service = await playwright.request.newContext();
    await signInBeside(service);
    await work(service);
    await openWithdrawal(service);
    const stop = keepMoving(service);
    const names = await catalogue(page.request);
    expect(names.length).toBeGreaterThanOrEqual(12);
    for (const name of names) {
      await test.step(name, async () => {
        const address = `${url()}/reports/${name}?table=1&kind=all&period=7d&${ADDRESSES[name] ?? ""}`;
        await page.goto(address);
        await expect(page.getByRole("region", { name: words.table })).toBeVisible();
        await expectAccessible(page);
        const counts = await countsIn(page);
        if (WITHOUT_LISTS.has(name)) return expect(counts).toEqual([]);
        expect(counts.length).toBeGreaterThan(0);
        for (const one of [...new Set([counts[0], counts.at(-1)])]) {
          if (!one) continue;
          const link = page.getByRole("table").getByRole("link").nth(one.at);
          const shown = Number((await link.innerText()).replaceAll(/\D/g, ""));
          await link.click();
          await expect(page).toHaveURL(/\/operations\?q=.*as_of=/);
          await expect(page.getByText(words.asOf)).toBeVisible();
          await expect.poll(() => listed(page)).toBe(shown);
          await page.goBack();
          await expect(page.getByRole("region", { name: words.table })).toBeVisible();
        }
      });
    }
    await stop();
    await service.dispose();
  });

  test(`charts can be read by everybody (${language})`, async ({ page }) => {
    test.setTimeout(300_000);
    await speak(page, language);
    await signInBeside(page.request);
    await work(page.request);
    for (const name of await catalogue(page.request)) {
      await page.goto(`${url()}/reports/${name}?compare=1`);
      await expect(page.getByRole("main").locator("footer")).toBeVisible();
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        // The page hears of it a moment later, and only then do its colours begin to change.
        await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
        await expectAccessible(page);
      }
    }
  });

  test(`a report that can't be shown says why, and what to do (${language})`, async ({ page }) => {
    const words = WORDS[language];
    await speak(page, language);
    await signInBeside(page.request);
    await work(page.request);
    await page.goto(`${url()}/reports/flow?q=kinf:withdrawal`);
    await expect(page.getByRole("heading", { name: words.invalid })).toBeVisible();
    await expectAccessible(page);
    await page.goto(`${url()}/reports/reasons?q=subject:nobody-at-all`);
    await expect(page.getByText(words.nothing)).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: words.wider }).click();
    await expect(page).toHaveURL(/period=90d/);
    await page.route("**/v1/reports/people?*", (route) =>
      route.fulfill({
        status: 403,
        contentType: "application/problem+json",
        body: JSON.stringify({ code: "forbidden", status: 403, detail: "The report people is for admin." }),
      }),
    );
    await page.goto(`${url()}/reports/people`);
    await expect(page.getByRole("heading", { name: words.forbidden })).toBeVisible();
    await expectAccessible(page);
  });
}

test("a bar leads to its operations, and the list comes back to the present", async ({ page }) => {
  await speak(page, "en");
  await signInBeside(page.request);
  await work(page.request);
  await page.goto(`${url()}/reports/ageing`);
  const chart = page.getByRole("img", { name: WORDS.en.chart });
  const bars = chart.locator('path[fill="#1c1b19"]');
  await expect(bars.first()).toBeVisible();
  await bars.first().click();
  await expect(page).toHaveURL(/\/operations\?q=status.*as_of=/);
  await page.getByRole("button", { name: WORDS.en.present }).click();
  await expect(page).not.toHaveURL(/as_of/);
});

test("a month that is over is frozen, and comes as a file", async ({ page }) => {
  await speak(page, "en");
  await signInBeside(page.request);
  await page.goto(`${url()}/reports/statuses?period=last-month&table=1`);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "CSV" }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/\.csv$/);
  await page.getByRole("button", { name: WORDS.en.freeze }).click();
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: WORDS.en.keep }).click();
  await expect(page).toHaveURL(/\/frozen-reports\/[0-9a-f-]{36}/);
  await expect(page.getByRole("heading", { name: WORDS.en.corrections })).toBeVisible();
  await expectAccessible(page);
  const title = await page.getByRole("heading", { level: 1 }).innerText();
  await page.goto(`${url()}/frozen-reports`);
  await expect(page.getByRole("link", { name: title }).first()).toBeVisible();
  await expectAccessible(page);
});
