export type Fault = { pointer?: string; code: string; detail?: string };

/** What the server refused, as RFC 9457 tells it; `code` "unreachable" when no answer came at all. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly faults: readonly Fault[];
  readonly requestId: string | null;
  /** Seconds after which asking again may help, where the server says so. */
  readonly retryAfter: number | null;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    body: Record<string, unknown>,
    requestId: string | null,
    retryAfter: number | null = null,
  ) {
    const detail = typeof body.detail === "string" ? body.detail : "";
    super(detail || `The server answered ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = typeof body.code === "string" ? body.code : "unknown";
    this.detail = detail;
    this.faults = Array.isArray(body.errors) ? (body.errors as Fault[]) : [];
    this.requestId = requestId;
    this.retryAfter = retryAfter;
    this.facts = body;
  }
}

export function isProblem(error: unknown, ...codes: string[]): error is Problem {
  return error instanceof Problem && (codes.length === 0 || codes.includes(error.code));
}
