import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { OperationAtWork } from "~/api/generated/model/operation-at-work";
import type { StreamedEntry } from "~/api/generated/model/streamed-entry";
import { useStream } from "~/lib/live/use-stream";
import { replaceRows } from "~/lib/operation-rows";
import { withValues } from "~/lib/query-text";

const COUNTED_AGAIN_AFTER = 2_000;

/** What the stream said last of an operation: whether the filter finds it, and when we heard. */
export type Heard = ReadonlyMap<string, { operation: OperationAtWork; matches: boolean; at: number }>;

const NOTHING: Heard = new Map();

/** Keeps loaded rows up to date while the server tells, and what it told that is not among them. */
export function useLiveRows(q: string, enabled: boolean) {
  const queryClient = useQueryClient();
  const [heard, setHeard] = useState<Heard>(NOTHING);
  const counting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const unnarrowed = withValues(q, "status", []);

  const countSoon = () => {
    counting.current ??= setTimeout(() => {
      counting.current = undefined;
      queryClient.invalidateQueries({ queryKey: ["counts", unnarrowed], exact: true });
    }, COUNTED_AGAIN_AFTER);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter has heard nothing yet
  useEffect(() => {
    setHeard(NOTHING);
    return () => {
      clearTimeout(counting.current);
      counting.current = undefined;
    };
  }, [q]);

  const state = useStream(q, enabled, (entries: readonly StreamedEntry[]) => {
    const at = Date.now();
    setHeard((before) => {
      const after = new Map(before);
      for (const { operation, matches } of entries) after.set(operation.id, { operation, matches, at });
      return after;
    });
    replaceRows(
      queryClient,
      entries.map((one) => one.operation),
    );
    countSoon();
  });
  return { state, heard, forget: () => setHeard(NOTHING) };
}

/** The rows whose version changed since they were drawn; each for as long as its flash takes. */
export function useFlashing(rows: readonly OperationAtWork[]): ReadonlySet<string> {
  const versions = useRef(new Map<string, number>());
  const [flashing, setFlashing] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const changed = rows.filter((row) => (versions.current.get(row.id) ?? row.version) < row.version);
    versions.current = new Map(rows.map((row) => [row.id, row.version]));
    if (changed.length === 0) return;
    setFlashing(new Set(changed.map((row) => row.id)));
  }, [rows]);
  useEffect(() => {
    if (flashing.size === 0) return;
    const timer = setTimeout(() => setFlashing(new Set()), FLASH);
    return () => clearTimeout(timer);
  }, [flashing]);
  return flashing;
}

const FLASH = 1_200;

/** The value, told anew at most so often: a count that runs is read by nobody, and heard by those who can't look away. */
export function useCalmed(value: number, every: number): number {
  const [told, setTold] = useState({ value, at: Date.now() });
  useEffect(() => {
    if (value === told.value) return;
    const timer = setTimeout(
      () => setTold({ value, at: Date.now() }),
      Math.max(0, told.at + every - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [value, told, every]);
  return told.value;
}
