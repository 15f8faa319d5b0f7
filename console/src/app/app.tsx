import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";
import { AnnounceProvider } from "~/lib/announce";
import { LanguageProvider } from "~/lib/language";
import { PreferencesProvider } from "~/lib/preferences";
import { ShortcutsProvider } from "~/lib/shortcuts/shortcuts";
import { createQueryClient } from "./query-client";
import { createConsoleRouter } from "./router";
import { styleNonce } from "./style-nonce";
import { cssVariables, schemeManager, theme } from "./theme";

export function App() {
  const [queryClient] = useState(createQueryClient);
  const [router] = useState(() => createConsoleRouter(queryClient));
  return (
    <PreferencesProvider>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={schemeManager}
        defaultColorScheme="auto"
        getStyleNonce={() => styleNonce}
      >
        <QueryClientProvider client={queryClient}>
          <LanguageProvider>
            <AnnounceProvider>
              <ShortcutsProvider>
                <RouterProvider router={router} />
              </ShortcutsProvider>
            </AnnounceProvider>
          </LanguageProvider>
        </QueryClientProvider>
      </MantineProvider>
    </PreferencesProvider>
  );
}
