import { Problem } from "./problem";

type SessionLostListener = () => void;

const sessionLostListeners = new Set<SessionLostListener>();

/** Calls `listener` whenever the server says that nobody is signed in any more. Returns how to stop. */
export function onSessionLost(listener: SessionLostListener): () => void {
  sessionLostListeners.add(listener);
  return () => sessionLostListeners.delete(listener);
}

type ReachableListener = (reachable: boolean) => void;

const reachableListeners = new Set<ReachableListener>();

/** Tells after each request whether the server could be reached at all. Returns how to stop. */
export function onReachable(listener: ReachableListener): () => void {
  reachableListeners.add(listener);
  return () => reachableListeners.delete(listener);
}

type StepUpAsker = (how: readonly string[]) => Promise<boolean>;

let stepUpAsker: StepUpAsker | null = null;
let stepUpAsked: Promise<boolean> | null = null;

/** `asker` lets the reader prove once more who they are, and says whether they have. Returns how to stop. */
export function onStepUpNeeded(asker: StepUpAsker): () => void {
  stepUpAsker = asker;
  return () => {
    if (stepUpAsker === asker) stepUpAsker = null;
  };
}

/** Whether the reader has proved it; requests that need it at the same moment wait for one and the same answer. */
function provedAgain(problem: Problem): Promise<boolean> {
  if (!stepUpAsker) return Promise.resolve(false);
  const how = Array.isArray(problem.facts.how) ? (problem.facts.how as string[]) : [];
  stepUpAsked ??= stepUpAsker(how).finally(() => {
    stepUpAsked = null;
  });
  return stepUpAsked;
}

function tellReachable(reachable: boolean): void {
  for (const listener of reachableListeners) listener(reachable);
}

export type RequestOptions = RequestInit & {
  /** Asking who is signed in, and signing in, answer 401 themselves: that is no lost session. */
  keepsSession?: boolean;
  /** Asked again after the reader has proved who they are: it is asked for once only. */
  isProved?: boolean;
};

/** The server's answer as JSON; every refusal is thrown as a `Problem`, an unreachable server too. */
export async function request<Answer>(url: string, options: RequestOptions = {}): Promise<Answer> {
  const { keepsSession = false, isProved = false, ...init } = options;
  const headers = new Headers(init.headers);
  headers.set("Accept", "application/json");
  let response: Response;
  try {
    response = await fetch(url, { ...init, headers, credentials: "same-origin" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    tellReachable(false);
    throw new Problem(0, { code: "unreachable" }, null);
  }
  tellReachable(true);
  const answer = await readJson(response);
  if (response.ok) return answer as Answer;
  if (response.status === 401 && !keepsSession) for (const listener of sessionLostListeners) listener();
  const problem = new Problem(
    response.status,
    asRecord(answer),
    response.headers.get("X-Request-Id"),
    secondsOf(response.headers.get("Retry-After")),
  );
  if (problem.code === "step_up_required" && !isProved && (await provedAgain(problem)))
    return request<Answer>(url, { ...options, isProved: true });
  throw problem;
}

function secondsOf(header: string | null): number | null {
  const seconds = Number(header);
  return header !== null && Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

async function readJson(response: Response): Promise<unknown> {
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch {
    return null; // a proxy's HTML page, say: the status alone must do
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
}
