import { describe, expect, it } from "vitest";
import { entriesOf, groupsOf } from "./told-of";

describe("what an endpoint is told of", () => {
  it("is read from its entries", () => {
    expect([...groupsOf(["moved", "breached", "noted"])]).toEqual(["changes", "limits"]);
    expect(groupsOf([]).size).toBe(0);
  });

  it("keeps what was chosen elsewhere, and takes a group whole that is new", () => {
    expect(entriesOf(new Set(["changes", "reports"]), ["moved", "noted"])).toEqual([
      "noted",
      "moved",
      "contradicted",
      "unmapped",
    ]);
    expect(entriesOf(new Set(), ["opened", "moved", "amended"])).toEqual([]);
  });
});
