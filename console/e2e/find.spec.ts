import { type APIRequestContext, expect, test } from "@playwright/test";
import { expectAccessible, signInBeside, speak, url } from "./console";

const WORDS = {
  en: {
    filter: "Filter",
    palette: "Find an operation, a page or a command",
    help: "Keyboard shortcuts",
    facets: "Facets",
    found: "Found",
    oldest: "oldest",
    more: "Load more",
    leaveOut: "Leave out kind:late_payout",
  },
  nl: {
    filter: "Filter",
    palette: "Zoek een zaak, een pagina of een opdracht",
    help: "Sneltoetsen",
    facets: "Facetten",
    found: "Gevonden",
    oldest: "oudste",
    more: "Meer laden",
    leaveOut: "kind:late_payout weglaten",
  },
} as const;

const LATE = "late_payout";

let opened = 0;

async function open(
  request: APIRequestContext,
  subject: string,
  value = "2450.00",
  kind = "withdrawal",
): Promise<string> {
  opened += 1;
  const reference = `F-${process.pid}-${Date.now()}-${opened}`;
  const answer = await request.post(`${url()}/v1/operations`, {
    data: { kind, reference, subject, amount: { value, currency: "EUR" } },
    headers: { Origin: url() },
  });
  expect(answer.status()).toBe(201);
  return reference;
}

/** A kind of its own whose operations are too late at once and stay so: what its limit would do never holds. */
async function publishLate(request: APIRequestContext): Promise<void> {
  const { document } = (await (await request.get(`${url()}/v1/kinds/withdrawal`)).json()) as {
    document: {
      kind: string;
      label: { en: string; nl: string };
      stages: Record<string, object>;
      transitions: Record<string, { by?: string[]; when?: string }>;
    };
  };
  document.kind = LATE;
  document.label = { en: "Late payout", nl: "Late uitbetaling" };
  document.stages.requested = {
    ...document.stages.requested,
    limit: { after: "PT1S", transition: "hold" },
  };
  document.transitions.hold = {
    ...document.transitions.hold,
    by: ["check", "deadline"],
    when: "amount>=1000000EUR",
  };
  const answer = await request.put(`${url()}/v1/kinds/${LATE}`, {
    data: document,
    headers: { Origin: url() },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

test("without the mouse: the oldest overdue payout above 1,000 EUR, and the next one", async ({ page }) => {
  const words = WORDS.en;
  await signInBeside(page.request);
  await speak(page, "en");
  await publishLate(page.request);
  const player = `late-${Date.now()}`;
  await open(page.request, player, "900.00", LATE);
  const oldest = await open(page.request, player, "1200.00", LATE);
  const second = await open(page.request, player, "5000.00", LATE);
  await page.goto(`${url()}/operations`);
  await expect(page.locator("tbody tr").first()).toBeVisible();

  await page.keyboard.press("/");
  const field = page.getByRole("combobox", { name: words.filter });
  await expect(field).toBeFocused();
  await page.keyboard.type("ki");
  await expect(page.getByRole("option", { name: /^kind:/ })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(field).toHaveValue("kind:");
  await page.keyboard.type(`${LATE} is:over`);
  await expect(page.getByRole("option", { name: /^overdue/ })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.type(` amount>1000EUR subject:${player}`);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/q=kind:late_payout\+is:overdue\+amount/);
  await expect(page.getByRole("button", { name: words.leaveOut })).toBeVisible();

  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: words.palette })).toBeFocused();
  await page.keyboard.type(words.oldest);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/sort=created_at/);
  await expect(page.locator("tbody tr").first()).toContainText(oldest);
  await expect(page.locator("tbody tr")).toHaveCount(2);

  await page.keyboard.press("j");
  await expect(page.getByRole("link", { name: oldest })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(oldest);
  await page.keyboard.press("n");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(second);
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/is:overdue/);
  await expect(page.getByRole("link", { name: second })).toBeFocused();
});

test("Back brings the filter, the place and the row", async ({ page }) => {
  const words = WORDS.nl;
  await signInBeside(page.request);
  await speak(page, "nl");
  const player = `many-${Date.now()}`;
  for (let batch = 0; batch < 12; batch += 1)
    await Promise.all(Array.from({ length: 5 }, () => open(page.request, player)));
  await page.goto(`${url()}/operations?q=subject:${player}`);
  await page.getByRole("button", { name: words.more }).click();
  await expect(page.locator("tbody tr")).toHaveCount(60);
  const scrolled = () => page.evaluate(() => document.getElementById("content")?.scrollTop ?? 0);
  const row = page.locator("tbody tr").nth(52);
  await row.getByRole("link").focus();
  const before = await scrolled();
  expect(before).toBeGreaterThan(1_000);
  const reference = (await row.getByRole("link").textContent()) ?? "";
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(reference);

  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`q=subject:${player}`));
  await expect(page.locator("tbody tr")).toHaveCount(60);
  await expect(page.getByRole("link", { name: reference })).toBeFocused();
  await expect.poll(scrolled).toBe(before);
});

for (const language of ["nl", "en"] as const)
  for (const scheme of ["light", "dark"] as const)
    test(`filter, facets, palette and help are accessible (${language}, ${scheme})`, async ({ page }) => {
      const words = WORDS[language];
      await page.emulateMedia({ colorScheme: scheme });
      await signInBeside(page.request);
      await speak(page, language);
      // A list of its own: what is opened beside this would push the row off a list of all.
      const player = `axe-${language}-${scheme}-${Date.now()}`;
      const reference = await open(page.request, player);
      await page.goto(`${url()}/operations?q=kind:withdrawal+subject:${player}`);
      await expect(page.getByRole("link", { name: reference })).toBeVisible();
      await page.keyboard.press("f");
      await expect(page.getByRole("complementary", { name: words.facets })).toBeVisible();
      await page.keyboard.press("j");
      await page.keyboard.press("ArrowRight");
      await expectAccessible(page);

      await page.keyboard.press("/");
      await expect(page.getByRole("combobox", { name: words.filter })).toBeFocused();
      await page.keyboard.type("stauts:error ");
      await expect(page.getByRole("option").first()).toBeVisible();
      await expect(page.getByRole("combobox", { name: words.filter })).toHaveAttribute(
        "aria-invalid",
        "true",
      );
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("combobox", { name: words.filter })).not.toBeFocused();

      await page.keyboard.press("Control+k");
      await expect(page.getByRole("combobox", { name: words.palette })).toBeFocused();
      await page.keyboard.type(reference);
      await expect(page.getByRole("option", { name: new RegExp(reference) }).first()).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("listbox", { name: words.found })).toBeHidden();

      await page.keyboard.press("?");
      await expect(page.getByRole("dialog", { name: words.help })).toBeVisible();
      await expectAccessible(page);
    });
