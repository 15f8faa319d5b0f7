import {
  type APIRequestContext,
  type Browser,
  expect,
  type Locator,
  type Page,
  test,
} from "@playwright/test";
import { expectAccessible, type Language, signInBeside, speak, url } from "./console";

const WORDS = {
  en: {
    queue: "My queue",
    view: "Work through the view",
    start: "Start",
    reject: "Reject",
    reason: /^Reason/,
    comment: /^Comment/,
    note: "Note",
    noted: "Noted; Lena Bakker is called",
    skip: "Skip…",
    skipTitle: "Skip this one",
    why: /^Why/,
    sayWhy: "Say why: it stands in the timeline.",
    skipped: "Skipped",
    done: "All done.",
    next: "Next",
    held: "Picked up by you",
    assigned: "Assigned to you",
    snoozed: "Snoozed",
    hand: /you picked it up, \d+ min left/,
    pickUp: "Pick up",
    letGo: "Let go",
    assign: "Assign…",
    assignTitle: "Assign",
    to: "To",
    olga: "Olga Smit (you)",
    isAssigned: "Assigned to Olga Smit",
    snooze: "Snooze…",
    snoozeTitle: "Snooze",
    takeUp: "Take up now",
    others: "Also here: Lena Bakker",
    writing: "Also here: Olga Smit (writing)",
    takenBy: "Olga Smit picked it up",
  },
  nl: {
    queue: "Mijn wachtrij",
    view: "De weergave doorwerken",
    start: "Beginnen",
    reject: "Afwijzen",
    reason: /^Reden/,
    comment: /^Toelichting/,
    note: "Notitie",
    noted: "Genoteerd; Lena Bakker is erbij geroepen",
    skip: "Overslaan…",
    skipTitle: "Deze overslaan",
    why: /^Waarom/,
    sayWhy: "Zeg waarom: het staat in de tijdlijn.",
    skipped: "Overgeslagen",
    done: "Alles gedaan.",
    next: "Volgende",
    held: "Door u opgepakt",
    assigned: "Aan u toegewezen",
    snoozed: "Uitgesteld",
    hand: /door u opgepakt, nog \d+ min/,
    pickUp: "Oppakken",
    letGo: "Loslaten",
    assign: "Toewijzen…",
    assignTitle: "Toewijzen",
    to: "Aan",
    olga: "Olga Smit (u)",
    isAssigned: "Toegewezen aan Olga Smit",
    snooze: "Uitstellen…",
    snoozeTitle: "Uitstellen",
    takeUp: "Nu hervatten",
    others: "Kijkt mee: Lena Bakker",
    writing: "Kijkt mee: Olga Smit (schrijft)",
    takenBy: "opgepakt door Olga Smit",
  },
} as const;

test.skip(!process.env.E2E_TEAM && !!process.env.E2E_URL, "needs the people that start-server.ts hires");

async function pageOf(browser: Browser, email: string, language: Language): Promise<Page> {
  const page = await (await browser.newContext({ locale: language })).newPage();
  await signInBeside(page.request, email);
  await speak(page, language);
  return page;
}

/** Withdrawals under a tag of their own, and a view that finds those that nobody has decided. */
async function fillQueue(
  request: APIRequestContext,
  count: number,
): Promise<{ name: string; ids: string[] }> {
  const name = `Z-${process.pid}-${Date.now()}-${Math.floor(Math.random() * 1e6)}`;
  const headers = { Origin: url() };
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const answer = await request.post(`${url()}/v1/operations`, {
      data: {
        kind: "withdrawal",
        reference: `${name}-${n}`,
        subject: "player-7",
        amount: { value: "120.00", currency: "EUR" },
        tags: [name],
      },
      headers,
    });
    expect(answer.status()).toBe(201);
    ids.push(((await answer.json()) as { id: string }).id);
  }
  const view = { name, query: `tag:${name} stage:requested`, audience: "personal" };
  expect((await request.post(`${url()}/v1/views`, { data: view, headers })).status()).toBe(201);
  return { name, ids };
}

/** Goes on by Tab until this has the focus. */
async function reach(page: Page, wanted: Locator, key = "Tab"): Promise<void> {
  await expect(wanted).toBeVisible();
  for (let step = 0; step < 80; step += 1) {
    if (await wanted.evaluate((one) => one === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error("It is not reached by keyboard.");
}

for (const language of ["en", "nl"] as const) {
  const words = WORDS[language];

  test(`ten are worked through without the mouse (${language})`, async ({ browser }) => {
    const page = await pageOf(browser, "olga@example.com", language);
    const { name } = await fillQueue(page.request, 11);
    await page.goto(`${url()}/operations`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("q");
    await expect(page.getByRole("heading", { level: 1, name: words.queue })).toBeVisible();
    await expectAccessible(page);
    const choice = page.getByLabel(words.view);
    await expect(choice.locator("option", { hasText: name })).toHaveCount(1);
    await reach(page, choice);
    await page.keyboard.type(name);
    await expect(choice.locator("option:checked")).toHaveText(name);
    await reach(page, page.getByRole("button", { name: words.start }));
    await page.keyboard.press("Enter");

    const heading = page.getByRole("heading", { level: 1 });
    await expect(heading).toContainText(`${name}-0`);
    await expect(heading).toBeFocused();
    await expect(page.getByText(words.hand)).toBeVisible();
    await expectAccessible(page);

    // A note on the way, and the first one is somebody else's.
    await page.keyboard.press("m");
    const note = page.getByLabel(words.note, { exact: true });
    await expect(note).toBeFocused();
    await page.keyboard.type("@Lena Bakker knows this one");
    await page.keyboard.press("Control+Enter");
    await expect(page.getByRole("status").filter({ hasText: words.noted })).toBeVisible();
    await expect(page.getByRole("tabpanel").getByRole("listitem").first()).toContainText("knows this one");
    await reach(page, page.getByRole("button", { name: words.skip }), "Shift+Tab");
    await page.keyboard.press("Enter");
    const skip = page.getByRole("dialog", { name: words.skipTitle });
    await expect(skip.getByLabel(words.why)).toBeFocused();
    await reach(page, skip.getByRole("button", { name: words.skip.replace("…", ""), exact: true }));
    await page.keyboard.press("Enter");
    await expect(skip.getByText(words.sayWhy)).toBeVisible();
    await expectAccessible(page);
    await reach(page, skip.getByLabel(words.why), "Shift+Tab");
    await page.keyboard.type("Lena knows them");
    await reach(page, skip.getByRole("button", { name: words.skip.replace("…", ""), exact: true }));
    await page.keyboard.press("Enter");

    for (let n = 1; n <= 10; n += 1) {
      await expect(heading).toContainText(`${name}-${n}`);
      await expect(heading).toBeFocused();
      await reach(page, page.getByRole("button", { name: words.reject, exact: true }));
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog", { name: words.reject });
      await expect(dialog.getByLabel(words.reason)).toBeFocused();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Control+Enter");
    }
    await expect(page.getByRole("heading", { level: 1, name: words.queue })).toBeVisible();
    await expect(page.getByText(words.done)).toBeVisible();
    await expectAccessible(page);

    const left = await page.request.get(`${url()}/v1/operations?q=tag:${name}%20stage:requested`);
    const items = ((await left.json()) as { items: { reference: string }[] }).items;
    expect(items.map((one) => one.reference)).toEqual([`${name}-0`]);
  });

  test(`what is in one's hand, assigned and snoozed stands in one's queue (${language})`, async ({
    browser,
  }) => {
    const [olga, lena] = (await Promise.all(
      ["olga", "lena"].map((name) => pageOf(browser, `${name}@example.com`, language)),
    )) as [Page, Page];
    const { name, ids } = await fillQueue(olga.request, 1);
    const reference = `${name}-0`;
    await lena.goto(`${url()}/operations/${ids[0]}`);
    await lena.getByRole("heading", { level: 1 }).waitFor();
    await olga.goto(`${url()}/operations/${ids[0]}`);
    await expect(olga.getByText(words.others)).toBeVisible();
    await olga.getByLabel(words.note, { exact: true }).fill("Half written");
    await expectAccessible(olga);
    await lena.reload();
    await expect(lena.getByText(words.writing)).toBeVisible();

    await olga.getByRole("heading", { level: 1 }).click();
    await olga.keyboard.press("e");
    await expect(olga.getByText(words.hand)).toBeVisible();
    await lena.reload();
    await expect(lena.getByText(words.takenBy)).toBeVisible();
    await expect(lena.getByRole("button", { name: words.pickUp })).toBeDisabled();
    await expectAccessible(lena);

    await olga.getByRole("button", { name: words.assign }).click();
    const assign = olga.getByRole("dialog", { name: words.assignTitle });
    await assign.getByLabel(words.to).selectOption({ label: words.olga });
    await expectAccessible(olga);
    await assign.getByRole("button", { name: words.assignTitle, exact: true }).click();
    await expect(assign).toBeHidden();
    await expect(olga.getByText(words.isAssigned).first()).toBeVisible();

    const held = olga.getByRole("table", { name: words.held });
    const assigned = olga.getByRole("table", { name: words.assigned });
    const snoozed = olga.getByRole("table", { name: words.snoozed });
    await olga.goto(`${url()}/queue`);
    await held
      .getByRole("row")
      .filter({ hasText: reference })
      .getByRole("button", { name: words.letGo })
      .click();
    await expect(assigned.getByRole("row").filter({ hasText: reference })).toBeVisible();
    await expectAccessible(olga);
    await olga.goto(`${url()}/operations/${ids[0]}`);
    await olga.getByRole("heading", { level: 1 }).waitFor();
    await olga.keyboard.press("#");
    const snooze = olga.getByRole("dialog", { name: words.snoozeTitle });
    await expectAccessible(olga);
    await snooze.getByRole("button", { name: words.snoozeTitle, exact: true }).click();
    await expect(snooze).toBeHidden();
    await olga.goto(`${url()}/queue`);
    await expect(snoozed.getByRole("row").filter({ hasText: reference })).toBeVisible();
    await expect(assigned.getByRole("row").filter({ hasText: reference })).toBeHidden();
    await expectAccessible(olga);
    await snoozed
      .getByRole("row")
      .filter({ hasText: reference })
      .getByRole("button", { name: words.takeUp })
      .click();
    await expect(assigned.getByRole("row").filter({ hasText: reference })).toBeVisible();
  });
}
