import { describe, expect, it } from "vitest";
import { allowHtml, allowProgram } from "./trusted-types.ts";

const ORIGIN = "https://drive.example.org";

describe("what may become a program", () => {
  it.each(["/service-worker.js", "/assets/engine.worker-xtjJETdo.js", `${ORIGIN}/assets/a-1.js`])(
    "%s may",
    (address) => {
      expect(allowProgram(address, ORIGIN)).toBe(address);
    },
  );

  it("of an app on iOS may, whose scheme is its own", () => {
    const origin = "capacitor://localhost";
    expect(allowProgram(`${origin}/assets/a-1.js`, origin)).not.toBeNull();
    expect(allowProgram("/service-worker.js", origin)).not.toBeNull();
    for (const other of ["capacitor://elsewhere/assets/a-1.js", "https://localhost/assets/a-1.js", "data:,a"]) {
      expect(allowProgram(other, origin)).toBeNull();
    }
  });

  it.each([
    "https://elsewhere.example/assets/a-1.js",
    "//elsewhere.example/assets/a-1.js",
    "data:text/javascript,alert(1)",
    "blob:https://drive.example.org/0",
    "/assets/../downloads/x.js",
    "/downloads/AAAAAAAAAAAAAAAAAAAAAA",
    "/assets/a.js?x=/b.js",
    "/files/a.js",
    "not an address:",
  ])("%s may not", (address) => {
    expect(allowProgram(address, ORIGIN)).toBeNull();
  });
});

describe("what may become HTML", () => {
  it("is nothing at all", () => {
    expect(allowHtml("")).toBe("");
    for (const html of [" ", "a", "<b>a</b>", "<svg onload=alert(1)>"]) expect(allowHtml(html)).toBeNull();
  });
});
