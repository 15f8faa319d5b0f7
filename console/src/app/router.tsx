import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import type { NoticeTab } from "~/api/generated/model/notice-tab";
import { SignalState } from "~/api/generated/model/signal-state";
import type { AuditSearch } from "~/features/access/audit-page";
import type { ReportSearch } from "~/features/reports/report-search";
import type { SignalsSearch } from "~/features/signals/signals-query";
import { sessionOptions } from "~/lib/session";
import { FailedFace } from "~/ui/faces";
import { AuditRoute, ChecksRoute, PeopleRoute, RolesRoute, SignInsRoute, TokensRoute } from "./access-routes";
import { AccountRoute } from "./account-route";
import { AlertsRoute, IncidentRoute } from "./alerts-route";
import { ApprovalsRoute } from "./approvals-route";
import { BulkJobRoute, BulkRoute } from "./bulk-route";
import { Frame } from "./frame";
import { InboxRoute, InboxSettingsRoute } from "./inbox-route";
import { NotFoundPage } from "./not-found-page";
import { OperationRoute } from "./operation-route";
import { OperationsRoute } from "./operations-route";
import { OverviewRoute } from "./overview-route";
import { QueueRoute } from "./queue-route";
import { FrozenReportRoute, FrozenReportsRoute, ReportsRoute } from "./reports-route";
import { SignInRoute } from "./sign-in-route";
import { SignalRoute, SignalsRoute, SourcesRoute } from "./signals-route";
import { EndpointRoute, WebhooksRoute } from "./webhooks-route";

const TABS = ["unread", "all", "mentions", "snoozed"] as const satisfies readonly NoticeTab[];
const SIGNAL_STATES = [...Object.values(SignalState), "refused"] as const;

type Context = { queryClient: QueryClient };

const rootRoute = createRootRouteWithContext<Context>()({
  component: Outlet,
  errorComponent: FailedPage,
  notFoundComponent: NotFoundPage,
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { to?: string; refused?: string } =>
    optional({ to: asText(search.to), refused: asText(search.refused) }),
  component: SignInRoute,
});

const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "signed-in",
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionOptions);
    if (!session) throw redirect({ to: "/sign-in", search: { to: location.href } });
    // A role asks for an authenticator: until there is one, only the page to add it answers.
    const hindered = session.lacks_factor || session.made_password;
    if (hindered && location.pathname !== "/account") throw redirect({ to: "/account" });
  },
  component: Frame,
});

const homeRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/operations" });
  },
});

/** The list's whole state: what is asked for, in which order, as which saved view, and what stands open beside it. */
export type OperationsSearch = {
  q?: string;
  sort?: string;
  cols?: string;
  view?: string;
  as_of?: string;
  open?: string;
};

const operationsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/operations",
  validateSearch: (search: Record<string, unknown>): OperationsSearch =>
    optional({
      q: asText(search.q),
      sort: asText(search.sort),
      cols: asText(search.cols),
      view: asText(search.view),
      as_of: asText(search.as_of),
      open: asText(search.open),
    }),
  component: OperationsRoute,
});

const overviewRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/overview",
  validateSearch: (search: Record<string, unknown>): { period?: string } =>
    optional({ period: asText(search.period) }),
  component: OverviewRoute,
});

const reportSearch = (search: Record<string, unknown>): ReportSearch =>
  optional({
    period: asText(search.period),
    from: asText(search.from),
    to: asText(search.to),
    bucket: asText(search.bucket),
    zone: asText(search.zone),
    compare: asText(search.compare),
    q: asText(search.q),
    include: asText(search.include),
    table: asText(search.table),
    kind: asText(search.kind),
    measure: asText(search.measure),
  });

const reportsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/reports",
  validateSearch: reportSearch,
  component: ReportsRoute,
});

const reportRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/reports/$name",
  validateSearch: reportSearch,
  component: ReportsRoute,
});

const frozenReportsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/frozen-reports",
  component: FrozenReportsRoute,
});

const frozenReportRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/frozen-reports/$id",
  component: FrozenReportRoute,
});

const approvalsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/approvals",
  component: ApprovalsRoute,
});

const inboxRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/inbox",
  validateSearch: (search: Record<string, unknown>): { tab?: NoticeTab } => {
    const tab = TABS.find((one) => one === search.tab);
    return tab ? { tab } : {};
  },
  component: InboxRoute,
});

const inboxSettingsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/inbox/settings",
  component: InboxSettingsRoute,
});

const queueRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/queue",
  validateSearch: (search: Record<string, unknown>): { empty?: string } =>
    optional({ empty: asText(search.empty) }),
  component: QueueRoute,
});

const peopleRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/people",
  component: PeopleRoute,
});

const rolesRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/roles",
  validateSearch: (search: Record<string, unknown>): { role?: string } =>
    optional({ role: asText(search.role) }),
  component: RolesRoute,
});

const tokensRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/tokens",
  component: TokensRoute,
});

const signInsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/sign-ins",
  validateSearch: (search: Record<string, unknown>): { person?: string } =>
    optional({ person: asText(search.person) }),
  component: SignInsRoute,
});

const checksRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/checks",
  component: ChecksRoute,
});

const auditRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/audit",
  validateSearch: (search: Record<string, unknown>): AuditSearch =>
    optional({ sort: asText(search.sort), by: asText(search.by), cursor: asText(search.cursor) }),
  component: AuditRoute,
});

const accountRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/account",
  validateSearch: (search: Record<string, unknown>): { refused?: string } =>
    optional({ refused: asText(search.refused) }),
  component: AccountRoute,
});

const alertsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/alerts",
  component: AlertsRoute,
});

const incidentRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/incidents/$id",
  component: IncidentRoute,
});

const bulkRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/bulk",
  component: BulkRoute,
});

const bulkJobRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/bulk/$id",
  component: BulkJobRoute,
});

const signalsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/signals",
  validateSearch: (search: Record<string, unknown>): SignalsSearch => {
    const state = SIGNAL_STATES.find((one) => one === search.state);
    const source = asText(search.source);
    const operation = asText(search.operation);
    return {
      ...(state ? { state } : {}),
      ...(source ? { source } : {}),
      ...(operation ? { operation } : {}),
    };
  },
  component: SignalsRoute,
});

const signalRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/signals/$source/$id",
  component: SignalRoute,
});

const sourcesRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/sources",
  component: SourcesRoute,
});

const webhooksRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/webhooks",
  component: WebhooksRoute,
});

const endpointRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/webhooks/$id",
  component: EndpointRoute,
});

const operationRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/operations/$id",
  // The view whose queue is being worked through.
  validateSearch: (search: Record<string, unknown>): { play?: string } =>
    optional({ play: asText(search.play) }),
  component: OperationRoute,
});

const routeTree = rootRoute.addChildren([
  signInRoute,
  signedInRoute.addChildren([
    homeRoute,
    overviewRoute,
    queueRoute,
    inboxRoute,
    inboxSettingsRoute,
    approvalsRoute,
    alertsRoute,
    incidentRoute,
    bulkRoute,
    bulkJobRoute,
    signalsRoute,
    signalRoute,
    sourcesRoute,
    webhooksRoute,
    endpointRoute,
    operationsRoute,
    operationRoute,
    reportsRoute,
    reportRoute,
    frozenReportsRoute,
    frozenReportRoute,
    peopleRoute,
    rolesRoute,
    tokensRoute,
    signInsRoute,
    checksRoute,
    auditRoute,
    accountRoute,
  ]),
]);

export function createConsoleRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: false,
    scrollRestoration: true,
    // The page itself never scrolls; this does.
    scrollToTopSelectors: ["#content"],
    // Plain parameters, so that a copied link can be read: ?q=status:pending&sort=-amount
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const kept = Object.entries(search).filter(([, value]) => value !== undefined && value !== "");
      const text = new URLSearchParams(kept.map(([name, value]) => [name, String(value)])).toString();
      return text ? `?${text.replaceAll("%3A", ":").replaceAll("%2C", ",")}` : "";
    },
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}

function FailedPage({ error, reset }: ErrorComponentProps) {
  return (
    <main>
      <FailedFace whole error={error} onRetry={reset} />
    </main>
  );
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function optional<Search extends Record<string, string | undefined>>(
  search: Search,
): Partial<Record<keyof Search, string>> {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as Partial<
    Record<keyof Search, string>
  >;
}
