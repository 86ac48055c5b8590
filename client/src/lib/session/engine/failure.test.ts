import { describe, expect, it } from "vitest";
import { failureOf, isAway, isAwayAnyhow } from "./failure.ts";

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

describe("a part of the program that does not come", () => {
  it("has a code of its own, however the browser says it", () => {
    const said = [
      "Failed to fetch dynamically imported module: https://drive.example/assets/drive-1.js",
      "error loading dynamically imported module: https://drive.example/assets/drive-1.js",
      "Importing a module script failed.",
      "Unable to preload CSS for /assets/drive-1.css",
    ];
    expect(said.map((message) => failureOf(new TypeError(message)).code)).toEqual(said.map(() => "part_missing"));
  });
});
