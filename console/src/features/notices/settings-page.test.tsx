import { fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { NoticeSettings } from "~/api/generated/model/notice-settings";
import { type Asked, serve } from "~/lib/testing/server";
import { show } from "~/lib/testing/show";
import { SettingsPage } from "./settings-page";

const SETTINGS: NoticeSettings = {
  lines: [{ event: "mention", console: true, mail: "at_once", by: "usual" }],
  zone: "Europe/Amsterdam",
  quiet_from: null,
  quiet_until: null,
  digest_at: "08:00",
  mail_to: "olga@example.com",
  mail_works: true,
};

/** The settings as another tab has left them, and what is sent of them. */
async function showSettings(elsewhere: Partial<NoticeSettings> = {}): Promise<Asked[]> {
  let now = SETTINGS;
  const asked = serve({
    "GET /v1/notices/settings": () => ({ body: now }),
    "PUT /v1/notices/settings": () => ({ body: now }),
    "GET /v1/notices/mutes": { items: [] },
    "GET /v1/subscriptions": { items: [] },
    "GET /v1/kinds": { items: [] },
  });
  await show(<SettingsPage />);
  await screen.findByLabelText("No mail in my quiet hours");
  now = { ...SETTINGS, ...elsewhere };
  return asked;
}

const sent = (asked: Asked[]) => asked.filter((one) => one.method === "PUT").map((one) => one.body);

test("a choice for an event sends its own line and nothing else", async () => {
  const asked = await showSettings();
  await userEvent.selectOptions(screen.getByLabelText("A note calls you: by mail"), "every hour");
  await waitFor(() =>
    expect(sent(asked)).toEqual([{ lines: [{ event: "mention", console: true, mail: "hourly" }] }]),
  );
});

test("hours that another tab has set are seen, and kept by a save of something else", async () => {
  const asked = await showSettings({ quiet_from: "21:00", quiet_until: "06:00" });
  const digest = screen.getByLabelText(/^The day's mail at/);
  fireEvent.change(digest, { target: { value: "09:30" } });
  fireEvent(window, new Event("visibilitychange"));
  expect((await screen.findByLabelText<HTMLInputElement>(/^From/)).value).toBe("21:00");
  await userEvent.click(screen.getByRole("button", { name: "Save my hours" }));
  await waitFor(() => expect(sent(asked)).toEqual([{ digest_at: "09:30" }]));
});
