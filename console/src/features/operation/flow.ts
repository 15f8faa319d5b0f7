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

/** The way an operation came and the usual way from here to success. `entries` newest first. */
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
  return story(kind, from) ?? shortest(kind, from) ?? [];
}

/** What the author tells: always the transition written first, only forwards, round restricted stages. */
function story(kind: Kind, from: string): string[] | null {
  const written = Object.keys(kind.stages);
  const way = [from];
  const tried = new Set(way);
  for (let here = way.at(-1); here !== undefined; here = way.at(-1)) {
    const at = here;
    if (statusOf(kind, at) === "success") return way.slice(1);
    const step = onward(kind, at).find(
      (stage) =>
        !tried.has(stage) && written.indexOf(stage) > written.indexOf(at) && !kind.stages[stage]?.restricted,
    );
    if (step === undefined) way.pop();
    else {
      tried.add(step);
      way.push(step);
    }
  }
  return null;
}

function shortest(kind: Kind, from: string): string[] | null {
  const ways = [[from]];
  const seen = new Set([from]);
  for (const way of ways) {
    const here = way.at(-1) ?? from;
    if (statusOf(kind, here) === "success") return way.slice(1);
    for (const stage of onward(kind, here)) {
      if (seen.has(stage)) continue;
      seen.add(stage);
      ways.push([...way, stage]);
    }
  }
  return null;
}

/** Where one transition leads from here, mishaps left out, in the author's order. */
function onward(kind: Kind, stage: string): string[] {
  return Object.values(kind.transitions)
    .filter((transition) => transition.from.includes(stage))
    .map((transition) => transition.to)
    .filter((to) => statusOf(kind, to) === "pending" || statusOf(kind, to) === "success");
}

function statusOf(kind: Kind, stage: string): Status {
  return kind.stages[stage]?.status ?? "pending";
}
