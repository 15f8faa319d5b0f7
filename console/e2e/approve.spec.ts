import { type Browser, expect, type Page, test } from "@playwright/test";
import { expectAccessible, type Language, openWithdrawal, signInBeside, speak, url } from "./console";

const WORDS = {
  en: {
    approve: "Approve",
    first: /First it waits for 2 approvals by others \(Payments lead\)/,
    ask: "Ask for approval",
    waits: "“Approve” waits for approval",
    none: "0 of 2",
    one: "1 of 2",
    own: "You asked for this: somebody else has to approve it.",
    approvals: "Approvals",
    give: "Give approval",
    decline: "Decline the request",
    withdraw: "Withdraw the request",
    comment: /^Comment/,
    why: "Say why, so that who asked can act on it.",
    last: /Yours is the last that is needed/,
    done: "Approved and done.",
    declined: "Declined. By Lena Bakker.",
    withdrawn: "Withdrawn.",
    approved: "Approved",
    timeline: "“Approve” approved",
    nothing: "You have asked for nothing that others have to approve.",
  },
  nl: {
    approve: "Goedkeuren",
    first: /Eerst wacht het op 2 goedkeuringen door anderen \(Payments lead\)/,
    ask: "Goedkeuring vragen",
    waits: "“Goedkeuren” wacht op goedkeuring",
    none: "0 van 2",
    one: "1 van 2",
    own: "U vroeg dit aan: iemand anders moet het goedkeuren.",
    approvals: "Goedkeuringen",
    give: "Goedkeuring geven",
    decline: "Aanvraag afwijzen",
    withdraw: "Aanvraag intrekken",
    comment: /^Toelichting/,
    why: "Zeg waarom, zodat de aanvrager er iets mee kan.",
    last: /De uwe is de laatste die nodig is/,
    done: "Goedgekeurd en uitgevoerd.",
    declined: "Afgewezen. Door Lena Bakker.",
    withdrawn: "Ingetrokken.",
    approved: "Goedgekeurd",
    timeline: "“Goedkeuren” goedgekeurd",
    nothing: "U hebt niets aangevraagd dat anderen moeten goedkeuren.",
  },
} as const;

async function pageOf(browser: Browser, email: string, language: Language): Promise<Page> {
  const page = await (await browser.newContext({ locale: language })).newPage();
  await signInBeside(page.request, email);
  await speak(page, language);
  return page;
}

test.skip(!process.env.E2E_TEAM && !!process.env.E2E_URL, "needs the people that start-server.ts hires");

for (const language of ["en", "nl"] as const) {
  const words = WORDS[language];

  async function ask(page: Page, id: string): Promise<void> {
    await page.goto(`${url()}/operations/${id}`);
    await page.getByRole("button", { name: words.approve, exact: true }).click();
    const dialog = page.getByRole("dialog", { name: words.approve });
    await expect(dialog.getByText(words.first)).toBeVisible();
    await dialog.getByLabel(words.comment).fill("Known for years");
    await expectAccessible(page);
    await dialog.getByRole("button", { name: words.ask }).click();
    await expect(dialog).toBeHidden();
  }

  test(`one asks, two consent, and the move is made (${language})`, async ({ browser }) => {
    const [olga, lena, luuk] = (await Promise.all(
      ["olga", "lena", "luuk"].map((name) => pageOf(browser, `${name}@example.com`, language)),
    )) as [Page, Page, Page];
    const { id, reference } = await openWithdrawal(olga.request);
    await ask(olga, id);
    const waiting = olga.getByRole("region", { name: words.waits });
    await expect(waiting).toContainText(words.none);
    await expect(waiting).toContainText("Known for years");
    await expect(waiting).toContainText(words.own);
    await expectAccessible(olga);

    await lena.goto(`${url()}/operations/${id}`);
    await lena.getByRole("button", { name: words.give }).click();
    const dialog = lena.getByRole("dialog", { name: words.give });
    await expectAccessible(lena);
    await dialog.getByRole("button", { name: words.give }).click();
    await expect(dialog).toBeHidden();
    await expect(lena.getByRole("region", { name: words.waits })).toContainText(words.one);
    await expectAccessible(lena);

    // The last one without the mouse.
    await luuk.goto(`${url()}/operations`);
    await luuk.getByRole("heading", { level: 1 }).waitFor();
    await luuk.keyboard.press("g");
    await luuk.keyboard.press("a");
    await expect(luuk.getByRole("heading", { level: 1, name: words.approvals })).toBeVisible();
    const row = luuk.getByRole("row").filter({ hasText: reference });
    await expect(row).toContainText(words.one);
    await expect(luuk.getByText(words.nothing)).toBeVisible();
    await expectAccessible(luuk);
    await row.getByRole("button", { name: words.give }).focus();
    await luuk.keyboard.press("Enter");
    await expect(luuk.getByText(words.last)).toBeVisible();
    await expectAccessible(luuk);
    await luuk.keyboard.press("Tab");
    await luuk.keyboard.press("Tab");
    await luuk.keyboard.press("Enter");
    await expect(row).toBeHidden();
    await expect(luuk.getByRole("heading", { level: 1 })).toBeFocused();

    await olga.reload();
    await expect(olga.getByText(words.timeline)).toHaveCount(2);
    await expect(olga.getByRole("listitem").filter({ hasText: "Olga Smit" }).first()).toContainText(
      words.approved,
    );
    await olga.goto(`${url()}/approvals`);
    await expect(olga.getByRole("row").filter({ hasText: reference })).toContainText(words.done);
    await expectAccessible(olga);
  });

  test(`a request is declined with a reason, and another withdrawn (${language})`, async ({ browser }) => {
    const [olga, lena] = (await Promise.all(
      ["olga", "lena"].map((name) => pageOf(browser, `${name}@example.com`, language)),
    )) as [Page, Page];
    const first = await openWithdrawal(olga.request);
    await ask(olga, first.id);
    await lena.goto(`${url()}/approvals`);
    const row = lena.getByRole("row").filter({ hasText: first.reference });
    await row.getByRole("button", { name: words.decline }).click();
    const dialog = lena.getByRole("dialog", { name: words.decline });
    await dialog.getByRole("button", { name: words.decline }).click();
    await expect(dialog.getByText(words.why)).toBeVisible();
    await expectAccessible(lena);
    await dialog.getByLabel(words.comment).fill("Another name on the account");
    await dialog.getByRole("button", { name: words.decline }).click();
    await expect(row).toBeHidden();

    const second = await openWithdrawal(olga.request);
    await ask(olga, second.id);
    await olga.getByRole("button", { name: words.withdraw }).click();
    await olga.getByRole("dialog").getByRole("button", { name: words.withdraw }).click();
    await expect(olga.getByRole("region", { name: words.waits })).toBeHidden();
    await olga.goto(`${url()}/approvals`);
    await expect(olga.getByRole("row").filter({ hasText: first.reference })).toContainText(words.declined);
    await expect(olga.getByRole("row").filter({ hasText: second.reference })).toContainText(words.withdrawn);
  });
}
