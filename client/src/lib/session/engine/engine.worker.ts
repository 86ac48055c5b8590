import { expose } from "comlink";
import { Engine } from "./engine.ts";
import { buildWall } from "./wall.ts";

/** "Chromium on Linux" and the like: coarse, because others see it. */
function deviceName(): string {
  const { userAgent } = navigator;
  const browser = [
    ["Firefox", /Firefox\//],
    ["Edge", /Edg\//],
    ["Chrome", /Chrom(e|ium)\//],
    ["Safari", /Safari\//],
  ].find(([, mark]) => (mark as RegExp).test(userAgent))?.[0];
  const system = [
    ["Android", /Android/],
    ["iOS", /iPhone|iPad/],
    ["Windows", /Windows/],
    ["macOS", /Mac OS X/],
    ["Linux", /Linux/],
  ].find(([, mark]) => (mark as RegExp).test(userAgent))?.[0];
  return [browser ?? "Browser", system].filter(Boolean).join(" · ");
}

buildWall();
expose(new Engine({ server: location.origin, deviceName: deviceName() }));
