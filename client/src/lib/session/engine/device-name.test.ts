import { expect, it } from "vitest";
import { deviceName } from "./device-name.ts";

const PHONE =
  "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/156.0.0.0 Mobile Safari/537.36";

it.each([
  ["web", PHONE, "Chrome · Android"],
  ["app", PHONE, "Excalibur · Android"],
  [
    "app",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)",
    "Excalibur · iOS",
  ],
  ["web", "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0", "Firefox · Linux"],
  ["web", "something else", "Browser"],
] as const)("others see a %s on %s as %s", (client, userAgent, name) => {
  expect(deviceName({ client, userAgent })).toBe(name);
});
