import { queryOptions } from "@tanstack/react-query";
import { readSession } from "~/api/generated/calls";
import type { Session } from "~/api/generated/model/session";
import { isProblem } from "~/api/problem";

/** Who is signed in; null when nobody is. */
export const sessionOptions = queryOptions<Session | null>({
  queryKey: ["session"],
  queryFn: async ({ signal }) => {
    try {
      return await readSession({ signal, keepsSession: true });
    } catch (error) {
      if (isProblem(error) && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 300_000,
});
