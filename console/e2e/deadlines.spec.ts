import { type APIRequestContext, expect, test } from "@playwright/test";
import { expectAccessible, type Language, signInBeside, speak, url } from "./console";

const WORDS = {
  en: {
    promise: "Decision within two weeks",
    column: "Promise",
    left: /left/,
    standing: /in time · .*left/,
    children: "Children (2)",
    none: "Nothing stands under this operation.",
    under: "Operations under this one",
    refund: /^Refund /,
    level: "level 2",
    asList: "Show as a list",
    stopped: "they were stopped by hand",
    goOn: "Let them go on",
    empty: "Children",
  },
  nl: {
    promise: "Besluit binnen twee weken",
    column: "Belofte",
    left: /nog /,
    standing: /op tijd · nog /,
    children: "Onderliggend (2)",
    none: "Onder deze zaak staat niets.",
    under: "Zaken onder deze",
    refund: /^Terugbetaling /,
    level: "niveau 2",
    asList: "Als lijst tonen",
    stopped: "ze zijn met de hand stilgezet",
    goOn: "Weer laten aflopen",
    empty: "Onderliggend",
  },
} as const;

/** A claim with a refund under it, and a ticket under that; their ids. */
async function openFamily(request: APIRequestContext): Promise<[string, string, string]> {
  const name = `F-${process.pid}-${Date.now()}-${Math.floor(Math.random() * 1e6)}`;
  const open = async (kind: string, parent?: string): Promise<string> => {
    const amount = kind === "ticket" ? {} : { amount: { value: "20.00", currency: "EUR" } };
    const answer = await request.post(`${url()}/v1/operations`, {
      data: { kind, reference: `${kind}-${name}`, ...amount, ...(parent ? { parent } : {}) },
      headers: { Origin: url() },
    });
    expect(answer.status(), await answer.text()).toBe(201);
    return ((await answer.json()) as { id: string }).id;
  };
  const claim = await open("claim");
  const refund = await open("refund", claim);
  return [claim, refund, await open("ticket", refund)];
}

for (const language of ["nl", "en"] as const satisfies readonly Language[]) {
  test.describe(language, () => {
    test.use({ locale: language });

    test("what is promised, what stands under it, and that nothing fires", async ({ page }) => {
      const words = WORDS[language];
      await signInBeside(page.request);
      const [claim, refund, ticket] = await openFamily(page.request);
      await speak(page, language);
      await page.goto(`${url()}/operations/${claim}`);
      await expect(page.getByText(words.promise)).toBeVisible();
      await expect(page.locator("dd", { hasText: words.standing }).first()).toBeVisible();

      await page.goto(`${url()}/operations?q=id:${claim}&cols=number,promise`);
      await expect(page.getByRole("columnheader", { name: words.column })).toBeVisible();
      await expect(page.getByRole("row").filter({ hasText: words.left })).toHaveCount(1);
      await expectAccessible(page);

      await page.goto(`${url()}/operations/${claim}`);
      await page.getByRole("tab", { name: words.children }).focus();
      await page.keyboard.press("Enter");
      const tree = page.getByRole("list", { name: words.under });
      await expect(tree.getByRole("listitem")).toHaveCount(2);
      await expect(tree.getByRole("listitem").nth(1)).toContainText(words.level);
      await expectAccessible(page);
      await page.getByRole("link", { name: words.asList }).click();
      await expect(page).toHaveURL(new RegExp(`parent%3A${claim}|parent:${claim}`));

      await page.goto(`${url()}/operations/${claim}`);
      await page.getByRole("tab", { name: words.children }).click();
      await tree.getByRole("link", { name: words.refund }).click();
      await expect(page).toHaveURL(`${url()}/operations/${refund}`);
      await page.goto(`${url()}/operations/${ticket}`);
      await page.getByRole("tab", { name: words.empty, exact: true }).click();
      await expect(page.getByText(words.none)).toBeVisible();

      const stop = await page.request.post(`${url()}/v1/deadlines/pause`, { headers: { Origin: url() } });
      expect(stop.status()).toBe(200);
      await page.reload();
      await expect(page.getByRole("status").filter({ hasText: words.stopped })).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("button", { name: words.goOn }).click();
      await expect(page.getByText(words.stopped)).toBeHidden();
    });
  });
}
