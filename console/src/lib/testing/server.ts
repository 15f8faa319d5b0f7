import { vi } from "vitest";

export type Asked = { method: string; url: URL; body: unknown; headers: Headers };

type Answer = { status?: number; body?: unknown; headers?: Record<string, string> };

type Route = (asked: Asked) => Answer;

/** A server for one test: answers by method and path, and keeps what it was asked. An unknown path answers 404. */
export function serve(routes: Record<string, Route | unknown>): Asked[] {
  const asked: Asked[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const url = new URL(String(input), "http://console.test");
    const one: Asked = {
      method: init?.method ?? "GET",
      url,
      body: typeof init?.body === "string" ? JSON.parse(init.body) : undefined,
      headers: new Headers(init?.headers),
    };
    asked.push(one);
    const route = routes[`${one.method} ${url.pathname}`];
    const answer: Answer =
      route === undefined
        ? { status: 404, body: { code: "not_found", detail: `Nothing is at ${url.pathname}.` } }
        : typeof route === "function"
          ? (route as Route)(one)
          : { body: route };
    const status = answer.status ?? 200;
    return new Response(status === 204 ? null : JSON.stringify(answer.body ?? null), {
      status,
      headers: { "Content-Type": "application/json", ...answer.headers },
    });
  });
  return asked;
}
