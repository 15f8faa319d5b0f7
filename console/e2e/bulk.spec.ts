import { type APIRequestContext, expect, type Page, test } from "@playwright/test";
import { expectAccessible, type Language, signInBeside, speak, url } from "./console";

const COUNT = 101; // from here on the number has to be typed

const WORDS = {
  en: {
    dialog: "Take a step in bulk",
    step: "Dismiss",
    reason: /^Reason/,
    show: "Show what would happen",
    ready: "Tried, not started",
    confirm: `Type ${COUNT} to confirm`,
    wrong: `Type the number ${COUNT}.`,
    start: "Start",
    undo: "Undo…",
    undoDialog: "Undo this job",
    comment: "Comment",
    undone: /^Undo “/,
    each: "Each operation",
    list: "Bulk",
    selection: "Selection",
    select: "Select all that are shown",
    tag: "Put tags on, take tags off",
    putOn: "Put on",
  },
  nl: {
    dialog: "Stap in bulk zetten",
    step: "Niet in behandeling nemen",
    reason: /^Reden/,
    show: "Tonen wat er zou gebeuren",
    ready: "Geprobeerd, niet gestart",
    confirm: `Typ ${COUNT} om te bevestigen`,
    wrong: `Typ het getal ${COUNT}.`,
    start: "Beginnen",
    undo: "Ongedaan maken…",
    undoDialog: "Deze taak ongedaan maken",
    comment: "Toelichting",
    undone: /ongedaan maken$/,
    each: "Elke zaak",
    list: "Bulk",
    selection: "Selectie",
    select: "Alle getoonde selecteren",
    tag: "Tags toevoegen of weghalen",
    putOn: "Toevoegen",
  },
} as const;

async function tickets(request: APIRequestContext, brand: string, count = COUNT): Promise<void> {
  const items = Array.from({ length: count }, (_, n) => ({
    kind: "ticket",
    reference: `${brand}-${n}`,
    brand,
  }));
  const answer = await request.post(`${url()}/v1/operations/batch`, {
    data: { items },
    headers: { Origin: url() },
  });
  expect(answer.status()).toBe(200);
}

async function stages(request: APIRequestContext, brand: string): Promise<Record<string, number>> {
  const answer = await request.get(`${url()}/v1/counts`, { params: { q: `brand:${brand}`, by: "stage" } });
  const { items } = (await answer.json()) as { items: { stage: string; count: number }[] };
  return Object.fromEntries(items.map((one) => [one.stage, one.count]));
}

/** Goes on with Tab until this has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const wanted = page.getByRole("button", { name, exact: true });
  for (let n = 0; n < 40; n += 1) {
    if (await wanted.evaluate((one) => one === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${name} is not reached by Tab`);
}

for (const language of ["en", "nl"] as Language[]) {
  const words = WORDS[language];

  async function startByKeys(page: Page): Promise<void> {
    await expect(page.getByText(words.ready)).toBeVisible();
    await expectAccessible(page);
    const number = page.getByLabel(words.confirm);
    await number.focus();
    await page.keyboard.type("7");
    await page.keyboard.press("Enter");
    await expect(page.getByText(words.wrong)).toBeVisible();
    await page.keyboard.press("Control+a");
    await page.keyboard.type(String(COUNT));
    await page.keyboard.press("Enter");
    const progress = page.getByRole("progressbar");
    await expect(progress).toHaveAttribute("max", String(COUNT));
    await expect(progress).toHaveJSProperty("value", COUNT);
  }

  test(`reject by query with a dry run, and undo, without the mouse (${language})`, async ({ page }) => {
    test.slow(); // a hundred rows are examined for accessibility, several times
    await signInBeside(page.request);
    await speak(page, language);
    const brand = `bulk-${language}-${Date.now()}`;
    await tickets(page.request, brand);

    await page.goto(`${url()}/operations?q=brand:${brand}`);
    await expect(
      page
        .getByRole("row")
        .filter({ hasText: `${brand}-` })
        .first(),
    ).toBeVisible();
    await page.keyboard.press("X");
    await expect(page.getByRole("region", { name: words.selection })).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("A");
    await page.keyboard.press("b");
    const dialog = page.getByRole("dialog", { name: words.dialog });
    await expect(dialog).toContainText(brand);
    await expectAccessible(page);
    await expect(dialog.getByRole("combobox").first()).toBeFocused();
    await page.keyboard.type(words.step);
    await page.keyboard.press("Tab");
    await expect(dialog.getByLabel(words.reason)).toBeFocused();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/bulk\//);
    expect(await stages(page.request, brand)).toEqual({ new: COUNT });
    await startByKeys(page);
    expect(await stages(page.request, brand)).toEqual({ dismissed: COUNT });
    await page.reload();
    await expect(page.getByRole("progressbar")).toHaveJSProperty("value", COUNT);
    await expect(page.getByRole("region", { name: words.each }).getByRole("link").first()).toBeVisible();
    await expectAccessible(page);

    await tabTo(page, words.undo);
    await page.keyboard.press("Enter");
    const undo = page.getByRole("dialog", { name: words.undoDialog });
    await expect(undo.getByLabel(words.comment)).toBeFocused();
    await expectAccessible(page);
    await page.keyboard.type("The wrong filter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: words.undone })).toBeVisible();
    await startByKeys(page);
    expect(await stages(page.request, brand)).toEqual({ open: COUNT });

    await page.keyboard.press("g");
    await page.keyboard.press("b");
    await expect(page.getByRole("heading", { level: 1, name: words.list })).toBeVisible();
    await expect(page.getByRole("row").filter({ hasText: `brand:${brand}` })).toBeVisible();
    await expectAccessible(page);
  });

  test(`tags are put on many (${language})`, async ({ page }) => {
    await signInBeside(page.request);
    await speak(page, language);
    const brand = `tags-${language}-${Date.now()}`;
    await tickets(page.request, brand, 3);
    await page.goto(`${url()}/operations?q=brand:${brand}`);
    await expect(page.getByRole("row").filter({ hasText: `${brand}-0` })).toBeVisible();
    await page.keyboard.press("X");
    await page.keyboard.press("b");
    const dialog = page.getByRole("dialog", { name: words.dialog });
    await dialog.getByRole("combobox").first().selectOption({ label: words.tag });
    await dialog.getByLabel(words.putOn).fill("vip");
    await expectAccessible(page);
    await dialog.getByRole("button", { name: words.show }).click();
    await expect(page.getByRole("heading", { level: 1, name: "+vip" })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: words.start, exact: true }).click();
    await expect(page.getByRole("progressbar")).toHaveJSProperty("value", 3);
    const found = await page.request.get(`${url()}/v1/operations`, {
      params: { q: `brand:${brand} tag:vip` },
    });
    expect(((await found.json()) as { items: unknown[] }).items).toHaveLength(3);
  });
}
