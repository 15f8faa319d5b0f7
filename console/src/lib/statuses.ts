import type { Status } from "~/api/generated/model/status";

/** The four, in the order in which they are always shown. */
export const STATUSES = ["pending", "success", "error", "rejected"] as const satisfies readonly Status[];
