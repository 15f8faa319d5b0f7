import type { Entry } from "~/api/generated/model/entry";
import type { Kind } from "~/api/generated/model/kind";
import type { Status } from "~/api/generated/model/status";

export type FlowStep = {
  stage: string;
  status: Status;
  when: "passed" | "now" | "ahead";
  /** When the operation came to this stage; null for what lies ahead. */
  at: string | null;
};

/** The way an operation came and the shortest way from here to success. `entries` newest first. */
export function flowOf(kind: Kind, stage: string, entries: readonly Entry[]): FlowStep[] {
  const steps = travelled(kind, stage, entries);
  const ahead = wayToSuccess(kind, stage);
  return [
    ...steps,
    ...ahead.map(
      (name): FlowStep => ({ stage: name, status: statusOf(kind, name), when: "ahead", at: null }),
    ),
  ];
}

function travelled(kind: Kind, stage: string, entries: readonly Entry[]): FlowStep[] {
  const steps: FlowStep[] = [];
  for (const entry of entries.toReversed()) {
    if (!entry.to || entry.version === null) continue;
    // A loop back is told by the timeline; the strip shows the way without it.
    const seen = steps.findIndex((step) => step.stage === entry.to?.stage);
    if (seen !== -1) steps.length = seen;
    steps.push({ stage: entry.to.stage, status: entry.to.status, when: "passed", at: entry.at });
  }
  const last = steps.at(-1);
  if (last?.stage === stage) last.when = "now";
  else steps.push({ stage, status: statusOf(kind, stage), when: "now", at: null });
  return steps;
}

function wayToSuccess(kind: Kind, from: string): string[] {
  if (statusOf(kind, from) === "success") return [];
  const cameFrom = new Map<string, string | null>([[from, null]]);
  const queue = [from];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (statusOf(kind, at) === "success") return pathTo(at, cameFrom);
    for (const transition of Object.values(kind.transitions)) {
      if (!transition.from.includes(at) || cameFrom.has(transition.to)) continue;
      const status = statusOf(kind, transition.to);
      if (status === "error" || status === "rejected") continue;
      cameFrom.set(transition.to, at);
      queue.push(transition.to);
    }
  }
  return [];
}

function pathTo(end: string, cameFrom: Map<string, string | null>): string[] {
  const path: string[] = [];
  for (let at: string | null | undefined = end; at; at = cameFrom.get(at)) path.unshift(at);
  return path.slice(1);
}

function statusOf(kind: Kind, stage: string): Status {
  return kind.stages[stage]?.status ?? "pending";
}
