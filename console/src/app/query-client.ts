import { QueryClient } from "@tanstack/react-query";
import { Problem } from "~/api/problem";

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        gcTime: 10 * 60_000,
        // A refusal stays a refusal; only an absent or broken server is worth asking again.
        retry: (tries, error) =>
          tries < 2 && (!(error instanceof Problem) || error.status === 0 || error.status >= 500),
        retryDelay: (tries) => 400 * 2 ** tries,
        networkMode: "always",
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
