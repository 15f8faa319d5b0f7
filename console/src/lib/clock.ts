import { useEffect, useState } from "react";

/** The time, told again every `every` milliseconds, so that ages on the screen stay true. */
export function useNow(every = 10_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** True once `waiting` has lasted 200 ms: a skeleton that flashes is worse than none. */
export function useWaitedLong(waiting: boolean, after = 200): boolean {
  const [long, setLong] = useState(false);
  useEffect(() => {
    if (!waiting) {
      setLong(false);
      return;
    }
    const timer = setTimeout(() => setLong(true), after);
    return () => clearTimeout(timer);
  }, [waiting, after]);
  return waiting && long;
}

/** The reader's time zone, where a day begins for the words `today` and `-7d`. */
export function zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}
