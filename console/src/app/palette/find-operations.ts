import { queryOptions } from "@tanstack/react-query";
import { listOperations, readOperation } from "~/api/generated/calls";
import type { Operation } from "~/api/generated/model/operation";
import { isProblem } from "~/api/problem";
import { inQuotes } from "~/lib/query-text";

const OPERATION_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const SHOWN = 7;

/** The operations that bear this text as number, subject, alias or id. */
export const foundOptions = (text: string) =>
  queryOptions({
    queryKey: ["find", text],
    queryFn: async ({ signal }): Promise<Operation[]> => {
      if (OPERATION_ID.test(text)) return byId(text, signal);
      const page = await listOperations({ q: inQuotes(text), limit: SHOWN }, { signal });
      return page.items;
    },
    enabled: text.length > 1,
    staleTime: 5_000,
    retry: false,
  });

async function byId(id: string, signal: AbortSignal): Promise<Operation[]> {
  try {
    return [await readOperation(id.toLowerCase(), { signal })];
  } catch (error) {
    if (isProblem(error, "not_found")) return [];
    throw error;
  }
}
