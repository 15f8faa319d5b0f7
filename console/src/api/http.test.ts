import { expect, test, vi } from "vitest";
import { serve } from "~/lib/testing/server";
import { onSessionLost, onStepUpNeeded, request } from "./http";
import { Problem } from "./problem";

test("a refusal is thrown with its code, its faults and the request's id", async () => {
  serve({
    "GET /v1/operations": () => ({
      status: 400,
      body: {
        code: "invalid_query",
        detail: "stauts is no field.",
        errors: [{ pointer: "/q", code: "unknown" }],
      },
      headers: { "X-Request-Id": "r-1" },
    }),
  });
  const problem = await request("/v1/operations").catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(Problem);
  expect(problem).toMatchObject({ status: 400, code: "invalid_query", requestId: "r-1" });
});

test("a lost session is told to whoever listens, and asking who is signed in is not one", async () => {
  serve({ "GET /v1/kinds": () => ({ status: 401, body: { code: "unauthenticated" } }) });
  const told = vi.fn();
  const stop = onSessionLost(told);
  await expect(request("/v1/kinds")).rejects.toBeInstanceOf(Problem);
  await expect(request("/v1/kinds", { keepsSession: true })).rejects.toBeInstanceOf(Problem);
  stop();
  expect(told).toHaveBeenCalledTimes(1);
});

test("a server that does not answer is a problem like any other", async () => {
  vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("Failed to fetch"));
  await expect(request("/v1/kinds")).rejects.toMatchObject({ status: 0, code: "unreachable" });
});

test("what needs a fresh proof is asked again, as it was, once the reader has given it", async () => {
  const refused = { status: 403, body: { code: "step_up_required", how: ["code"] } };
  const answers = [refused, refused, { status: 201, body: { seq: 1 } }, { status: 201, body: { seq: 2 } }];
  serve({ "POST /v1/moves": () => answers.shift() ?? refused });
  const asked = vi.fn(async () => true);
  const stop = onStepUpNeeded(asked);
  const move = { method: "POST", body: "{}", headers: { "Idempotency-Key": "k" } };
  await Promise.all([request("/v1/moves", move), request("/v1/moves", move)]);
  expect(asked).toHaveBeenCalledTimes(1);
  expect(asked).toHaveBeenCalledWith(["code"]);
  stop();
});

test("a reader who does not prove it gets the refusal, and is asked once only", async () => {
  serve({ "POST /v1/moves": () => ({ status: 403, body: { code: "step_up_required", how: ["password"] } }) });
  const answers = [false, true];
  const stop = onStepUpNeeded(async () => answers.shift() ?? false);
  for (const _ of ["declined", "proved, and refused again"])
    await expect(request("/v1/moves", { method: "POST" })).rejects.toMatchObject({
      code: "step_up_required",
    });
  stop();
});
