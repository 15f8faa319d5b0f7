import { act } from "@testing-library/react";
import type { Operation } from "~/api/generated/model/operation";
import { entry } from "./operations";

type Listener = (event: MessageEvent) => void;

let open: TestEventSource[] = [];

/** The browser's EventSource where there is no network: it opens at once and tells what a test says. */
export class TestEventSource {
  static readonly CLOSED = 2;
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly url: string;
  private readonly listeners = new Map<string, Listener[]>();

  constructor(url: string) {
    this.url = url;
    open.push(this);
    queueMicrotask(() => this.onopen?.());
  }

  addEventListener(name: string, listener: Listener): void {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
  }

  close(): void {
    this.readyState = TestEventSource.CLOSED;
    open = open.filter((one) => one !== this);
  }

  tell(name: string, data: unknown, id: string): void {
    const event = new MessageEvent(name, { data: JSON.stringify(data), lastEventId: id });
    for (const listener of this.listeners.get(name) ?? []) listener(event);
  }
}

let cursor = 0;

/** The server tells every page that listens of an entry, and that the filter finds its operation, or no longer does. */
export async function tellStream(operation: Operation, matches = true): Promise<void> {
  cursor += 1;
  const id = `1.${cursor}`;
  await act(async () => {
    for (const one of open) one.tell("entry", { cursor: id, entry: entry(), operation, matches }, id);
    // Entries are gathered for half a second.
    await new Promise((resolve) => setTimeout(resolve, 600));
  });
}

export function openStreams(): readonly string[] {
  return open.map((one) => one.url);
}

export function closeStreams(): void {
  open = [];
}
