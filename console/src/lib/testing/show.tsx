import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { AnnounceProvider } from "~/lib/announce";
import { PreferencesProvider } from "~/lib/preferences";
import { ShortcutsProvider } from "~/lib/shortcuts/shortcuts";

/** Shows a part of the console as it stands in the whole: with its words, its router and its live region. */
export async function show(part: ReactNode): Promise<void> {
  const root = createRootRoute();
  const here = createRoute({
    getParentRoute: () => root,
    path: "/",
    component: () => <div data-testid="here">{part}</div>,
  });
  const operations = createRoute({ getParentRoute: () => root, path: "/operations" });
  const one = createRoute({ getParentRoute: () => root, path: "/operations/$id" });
  const router = createRouter({
    routeTree: root.addChildren([here, operations, one]),
    history: createMemoryHistory({ initialEntries: ["/"] }),
  });
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <PreferencesProvider>
      <MantineProvider env="test">
        <QueryClientProvider client={queryClient}>
          <I18nProvider i18n={i18n}>
            <AnnounceProvider>
              <ShortcutsProvider>
                <RouterProvider router={router as never} />
              </ShortcutsProvider>
            </AnnounceProvider>
          </I18nProvider>
        </QueryClientProvider>
      </MantineProvider>
    </PreferencesProvider>,
  );
  await screen.findByTestId("here");
}
