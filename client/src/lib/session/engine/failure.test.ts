import { describe, expect, it } from "vitest";
import { isAway, isAwayAnyhow } from "./failure.ts";

describe("a server that cannot be reached", () => {
  it("is away when nobody answers, and when something else answers in its place", () => {
    expect(["network", "gateway", "session_ended", "rollback", "unknown"].filter((code) => isAway({ code }))).toEqual([
      "network",
      "gateway",
    ]);
  });

  it("is said once, by the page, unless the server speaks and only something of it does not come through", () => {
    const isSilent = (code: string, isConnected: boolean) => isAwayAnyhow({ code }, isConnected);
    expect([isSilent("network", true), isSilent("network", false), isSilent("gateway", false)]).toEqual([
      true,
      true,
      true,
    ]);
    expect([isSilent("gateway", true), isSilent("rollback", false), isSilent("fork", true)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
