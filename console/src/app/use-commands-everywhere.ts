import { useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { usePreferences } from "~/lib/preferences";
import { sessionOptions } from "~/lib/session";
import { useShortcuts } from "~/lib/shortcuts/shortcuts";

const NEXT_DENSITY = { compact: "normal", normal: "wide", wide: "compact" } as const;

/** What can be done from every page: going somewhere, and how things look. */
export function useCommandsEverywhere(show: (sheet: "palette" | "help") => void): void {
  const { railFolded, density, prefer } = usePreferences();
  const { setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  const { data: session } = useQuery(sessionOptions);
  const goTo = (q?: string, sort?: string) => () =>
    void navigate({ to: "/operations", search: { ...(q ? { q } : {}), ...(sort ? { sort } : {}) } });
  useShortcuts({
    palette: () => show("palette"),
    help: () => show("help"),
    rail: () => prefer({ railFolded: !railFolded }),
    goOperations: goTo(),
    goApprovals: () => void navigate({ to: "/approvals" }),
    goBulk: () => void navigate({ to: "/bulk" }),
    goSignals: () => void navigate({ to: "/signals" }),
    goAlerts: () => void navigate({ to: "/alerts" }),
    goReports: () => void navigate({ to: "/reports" }),
    goOverview: () => void navigate({ to: "/overview" }),
    goInbox: () => void navigate({ to: "/inbox" }),
    ...(session?.connects ? { goWebhooks: () => void navigate({ to: "/webhooks" }) } : {}),
    goQueue: () => void navigate({ to: "/queue" }),
    goWaiting: goTo("status:pending waiting_on:operator", "created_at"),
    showAll: goTo(),
    showPending: goTo("status:pending"),
    showSuccess: goTo("status:success"),
    showError: goTo("status:error"),
    showRejected: goTo("status:rejected"),
    density: () => prefer({ density: NEXT_DENSITY[density] }),
    compact: () => prefer({ density: "compact" }),
    normal: () => prefer({ density: "normal" }),
    wide: () => prefer({ density: "wide" }),
    light: () => setColorScheme("light"),
    dark: () => setColorScheme("dark"),
    systemTheme: () => setColorScheme("auto"),
    dutch: () => prefer({ language: "nl" }),
    english: () => prefer({ language: "en" }),
  });
}
