import { queryOptions } from "@tanstack/react-query";
import { listSignInProviders } from "~/api/generated/calls";

/** The providers by which people sign in. */
export const providersOptions = queryOptions({
  queryKey: ["sign-in-providers"],
  queryFn: ({ signal }) => listSignInProviders({ signal, keepsSession: true }),
  staleTime: 600_000,
});

/** Where the browser is sent to sign in at a provider; it comes back to `to`. */
export function startAt(name: string, asked: Record<string, string>): string {
  const text = new URLSearchParams(asked).toString();
  return `/v1/sign-in/providers/${name}/start${text ? `?${text}` : ""}`;
}
