import { expect, test } from "@playwright/test";
import { expectAccessible, type Language, openWithdrawal, signInBeside, speak, url } from "./console";

const WORDS = {
  en: {
    saveView: "Save view",
    saveTheView: "Save the view",
    saveAs: "Save as a view",
    name: "Name",
    forWhom: "For",
    star: /^Star /,
    changed: "Changed",
    save: "Save",
    revert: "Revert",
    more: /^More for /,
    copy: "Copy a link",
    rename: "Rename, or for whom…",
    change: "Change the view",
    remove: "Delete the view",
    undo: "Undo",
    sections: "Sections",
    starred: "Views: Starred",
    missing: /not there any more/,
  },
  nl: {
    saveView: "Weergave opslaan",
    saveTheView: "Weergave opslaan",
    saveAs: "Opslaan als weergave",
    name: "Naam",
    forWhom: "Voor",
    star: /^Ster voor /,
    changed: "Gewijzigd",
    save: "Opslaan",
    revert: "Terugzetten",
    more: /^Meer voor /,
    copy: "Koppeling kopiëren",
    rename: "Naam, of voor wie…",
    change: "Weergave wijzigen",
    remove: "Weergave verwijderen",
    undo: "Ongedaan maken",
    sections: "Onderdelen",
    starred: "Weergaven: Met ster",
    missing: /is er niet meer/,
  },
} as const;

for (const language of ["en", "nl"] as Language[])
  test(`a view is saved, starred, changed, reverted, renamed, deleted and back again (${language})`, async ({
    page,
  }) => {
    const words = WORDS[language];
    await speak(page, language);
    await signInBeside(page.request);
    await openWithdrawal(page.request);
    const name = `Bank ${language} ${Date.now()}`;
    await page.goto(`${url()}/operations?q=status:pending AND kind:withdrawal`);
    await page.getByRole("button", { name: words.saveView, exact: true }).click();
    const dialog = page.getByRole("dialog", { name: words.saveAs });
    await expectAccessible(page);
    await dialog.getByLabel(words.name).fill(name);
    await dialog.getByRole("button", { name: words.saveTheView }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await expect(page).toHaveURL(/q=status:pending\+kind:withdrawal.*view=/);

    await page.getByRole("button", { name: words.star }).click();
    const starred = page.getByRole("region", { name: words.starred });
    const link = starred.getByRole("link", { name });
    await expect(link).toHaveAttribute("aria-current", "page");
    await expect(link).toContainText(/\d/);
    await expectAccessible(page);

    await page.goto(`${page.url().replace("status:pending+", "")}`);
    await expect(page.getByText(words.changed, { exact: true })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: words.revert }).click();
    await expect(page).toHaveURL(/q=status:pending\+kind:withdrawal/);
    await expect(page.getByText(words.changed, { exact: true })).toBeHidden();
    await page.goto(`${page.url().replace("status:pending+", "")}`);
    await page.getByRole("button", { name: words.save, exact: true }).click();
    await expect(page.getByText(words.changed, { exact: true })).toBeHidden();

    await page.getByRole("button", { name: words.more }).click();
    await page.getByRole("menuitem", { name: words.rename }).click();
    const change = page.getByRole("dialog", { name: words.change });
    await change.getByLabel(words.name).fill(`${name} II`);
    await change.getByLabel(words.forWhom).selectOption("everyone");
    await change.getByRole("button", { name: words.save, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: `${name} II` })).toBeVisible();

    await page.getByRole("button", { name: words.more }).click();
    await page.getByRole("menuitem", { name: words.remove }).click();
    await expect(starred.getByRole("link", { name })).toBeHidden();
    await expectAccessible(page);
    await page.getByRole("button", { name: words.undo }).click();
    await expect(starred.getByRole("link", { name: `${name} II` })).toBeVisible();

    await page.getByRole("button", { name: words.more }).click();
    await page.getByRole("menuitem", { name: words.remove }).click();
    await expect(starred.getByRole("link", { name })).toBeHidden();
  });

test("a link that names only a view shows what it keeps; one to a view that is gone says so", async ({
  page,
}) => {
  await speak(page, "nl");
  await signInBeside(page.request);
  const name = `Koppeling ${Date.now()}`;
  const answer = await page.request.post(`${url()}/v1/views`, {
    data: { name, query: "kind:withdrawal status:error", sort: "created_at", columns: ["number", "kind"] },
    headers: { Origin: url() },
  });
  const { id } = (await answer.json()) as { id: string };
  await page.goto(`${url()}/operations?view=${id}`);
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page).toHaveURL(/q=kind:withdrawal\+status:error&sort=created_at&cols=number,kind&view=/);
  await page.request.delete(`${url()}/v1/views/${id}`, { headers: { Origin: url() } });
  await page.goto(`${url()}/operations?view=${id}`);
  await expect(page.getByText(WORDS.nl.missing)).toBeVisible();
  await expect(page).not.toHaveURL(/view=/);
});
