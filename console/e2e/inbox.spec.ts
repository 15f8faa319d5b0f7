import { type Browser, type BrowserContext, expect, type Page, test } from "@playwright/test";
import { expectAccessible, type Language, openWithdrawal, signInBeside, speak, url } from "./console";

const WORDS = {
  en: {
    inbox: "Inbox",
    mention: "A note calls you",
    why: "It concerns you by name.",
    all: "All",
    parts: "Parts of the inbox",
    undo: "Undo",
    putOff: "Put off",
    putOffUntil: "put off until",
    now: "Now",
    settings: "What I am told",
    byMail: "A note calls you: by mail",
    hourly: "every hour",
    own: "your choice",
    quiet: "No mail in my quiet hours",
    save: "Save my hours",
    saved: "Your hours are saved.",
    follow: "Follow a filter",
    followed: "Filters of my own",
    mute: "Mute",
    muted: "Muted",
    hearAgain: (name: string) => `Hear of ${name} again`,
    report: "By mail…",
    often: "How often",
    send: "Send by mail",
    comes: "Comes to you by mail",
    monthly: "monthly",
    end: "End",
  },
  nl: {
    inbox: "Inbox",
    mention: "U wordt genoemd in een notitie",
    why: "U wordt er met naam in genoemd.",
    all: "Alles",
    parts: "Delen van de inbox",
    undo: "Ongedaan maken",
    putOff: "Uitgesteld",
    putOffUntil: "uitgesteld tot",
    now: "Nu",
    settings: "Wat ik te horen krijg",
    byMail: "U wordt genoemd in een notitie: per e-mail",
    hourly: "elk uur",
    own: "uw keuze",
    quiet: "Geen e-mail in mijn stille uren",
    save: "Mijn tijden opslaan",
    saved: "Uw tijden zijn opgeslagen.",
    follow: "Een filter volgen",
    followed: "Eigen filters",
    mute: "Dempen",
    muted: "Gedempt",
    hearAgain: (name: string) => `Weer bericht krijgen van ${name}`,
    report: "Per e-mail…",
    often: "Hoe vaak",
    send: "Per e-mail versturen",
    comes: "Komt per e-mail bij u",
    monthly: "maandelijks",
    end: "Beëindigen",
  },
} as const;
// One reader for each language: what they are told is theirs alone.
const READERS = {
  en: { email: "olga@example.com", name: "Olga Smit" },
  nl: { email: "lena@example.com", name: "Lena Bakker" },
} as const;

test.skip(!process.env.E2E_TEAM && !!process.env.E2E_URL, "needs the people that start-server.ts hires");

async function contextOf(browser: Browser, language: Language, email?: string): Promise<BrowserContext> {
  const context = await browser.newContext({ locale: language });
  await signInBeside(context.request, email);
  return context;
}

async function tabOf(context: BrowserContext, path: string, language: Language): Promise<Page> {
  const page = await context.newPage();
  await speak(page, language);
  await page.goto(`${url()}${path}`);
  return page;
}

const badgeOf = async (page: Page, inbox: string) =>
  ((await page.getByRole("link", { name: inbox }).first().textContent()) ?? "").replace(/\D/g, "");

for (const language of ["en", "nl"] as const) {
  const words = WORDS[language];
  const reader = READERS[language];

  test(`what is told appears by itself, is done with and undone (${language})`, async ({ browser }) => {
    const context = await contextOf(browser, language, reader.email);
    const inbox = await tabOf(context, "/inbox", language);
    const other = await tabOf(context, "/operations", language);
    const colleague = await contextOf(browser, language);
    const { id, reference } = await openWithdrawal(colleague.request);
    const said = { text: `@${reader.name} ${reference}` };
    const noted = await colleague.request.post(`${url()}/v1/operations/${id}/notes`, {
      data: said,
      headers: { Origin: url() },
    });
    expect(noted.status()).toBe(201);

    const group = inbox.getByRole("listitem").filter({ hasText: reference }).first();
    await expect(group).toContainText(words.mention);
    await expect(group).toContainText(words.why);
    await expect(group).toContainText(said.text);
    const tabs = inbox.getByRole("navigation", { name: words.parts });
    await tabs.getByRole("link", { name: words.all, exact: true }).click();
    await expect(group).toContainText(words.mention);
    await expect(tabs.locator("[aria-current]")).toHaveText(words.all);
    await tabs.getByRole("link").first().click();
    await expect(tabs.locator("[aria-current]")).not.toHaveText(words.all);
    await expect.poll(() => badgeOf(other, words.inbox)).not.toBe("");
    await expect
      .poll(async () => (await badgeOf(other, words.inbox)) === (await badgeOf(inbox, words.inbox)))
      .toBe(true);
    await expectAccessible(inbox);

    await group.getByRole("link", { name: reference }).focus();
    await inbox.keyboard.press("e");
    await expect(group).toBeHidden();
    await expect
      .poll(async () => (await badgeOf(other, words.inbox)) === (await badgeOf(inbox, words.inbox)))
      .toBe(true);
    await expect(inbox.locator("body")).not.toBeFocused();
    await inbox.keyboard.press("z");
    const link = group.getByRole("link", { name: reference });
    await expect(link).toBeFocused();
    await inbox.keyboard.press("e");
    await expect(group).toBeHidden();
    await inbox.getByRole("button", { name: words.undo }).click();
    await expect(link).toBeFocused();
    await inbox.keyboard.press("#");
    await expect(group).toBeHidden();
    await tabs.getByRole("link", { name: words.putOff }).click();
    await expect(group).toContainText(words.putOffUntil);
    await expectAccessible(inbox);
    await group.getByRole("button", { name: words.now, exact: true }).click();
    await expect(group).toBeHidden();
    await tabs.getByRole("link").first().click();

    await group.getByRole("button", { name: words.mute }).click();
    await expect(group).toContainText(words.muted);
    await inbox.getByRole("link", { name: words.settings }).click();
    const again = inbox.getByRole("button", { name: words.hearAgain(reference) });
    await again.click();
    await expect(again).toBeHidden();
    await context.close();
    await colleague.close();
  });

  test(`what is told, how and when is chosen (${language})`, async ({ browser }) => {
    const context = await contextOf(browser, language, reader.email);
    const page = await tabOf(context, "/inbox/settings", language);
    await expect(page.getByRole("heading", { level: 1, name: words.settings })).toBeVisible();
    const row = page.getByRole("row").filter({ hasText: words.mention });
    await page.getByLabel(words.byMail).selectOption({ label: words.hourly });
    await expect(row).toContainText(words.own);
    await page.getByLabel(words.quiet).check();
    await page.getByRole("button", { name: words.save }).click();
    await expect(page.getByText(words.saved)).toBeVisible();
    await page
      .getByRole("form", { name: words.follow })
      .getByRole("textbox")
      .fill("kind:withdrawal amount>=1000EUR");
    await page.getByRole("button", { name: words.follow }).click();
    await expect(page.getByRole("list", { name: words.followed })).toContainText(
      "kind:withdrawal amount>=1000EUR",
    );
    await expectAccessible(page);
    await context.close();
  });

  test(`a report comes by mail until it is ended (${language})`, async ({ browser }) => {
    const context = await contextOf(browser, language);
    const page = await tabOf(context, "/reports/flow", language);
    await page.getByRole("button", { name: words.report }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(words.often).selectOption("month");
    await dialog.getByRole("button", { name: words.send, exact: true }).click();
    const comes = dialog.getByRole("list", { name: words.comes });
    const mine = comes.getByRole("listitem").filter({ hasText: words.monthly });
    await expect(mine).toContainText("XLSX");
    await expectAccessible(page);
    await mine.getByRole("button", { name: words.end, exact: true }).click();
    await expect(comes).toBeHidden();
    await context.close();
  });
}
