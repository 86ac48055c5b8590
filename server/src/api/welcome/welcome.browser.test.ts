import AxeBuilder from "@axe-core/playwright";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestServer, testServer } from "../../testing/index.ts";

const FLAGS =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
/** Each size and each theme once. */
const SCREENS = [
  { screen: "phone", width: 390, height: 844, theme: "dark" },
  { screen: "desktop", width: 1440, height: 900, theme: "light" },
] as const;
const INVITATION = "invite=AAAAAAAAAAAAAAAAAAAAAA";

let browser: Browser;
let test: TestServer;

beforeAll(async () => {
  test = await testServer();
  const executablePath = process.env["EXCALIBUR_CHROMIUM"] ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: FLAGS.split(" ") });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await test?.[Symbol.asyncDispose]();
});

describe("the page at the server's address", () => {
  it.each(SCREENS)(
    "can be read by everybody on a $screen in $theme, and keeps the invitation where it is",
    async ({ width, height, theme }) => {
      const { origin } = test.server;
      const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
      const page = await context.newPage();
      const asked: string[] = [];
      const complaints: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      page.on("console", (message) => complaints.push(message.text()));
      await page.goto(`${origin}/#${INVITATION}`);

      expect(await page.getByRole("heading", { level: 1 }).innerText()).toContain("Excalibur");
      expect(await page.locator("pre").first().innerText()).toBe("npx excalibur sign-up NAME --invite ADDRESS");
      // The address bar still holds what is to be copied, and the server never saw it.
      expect(page.url()).toContain(INVITATION);
      expect(asked.every((address) => address.startsWith(origin))).toBe(true);
      expect(complaints.filter((text) => !text.includes("favicon"))).toEqual([]);
      const scrollWidth = await page.evaluate("document.documentElement.scrollWidth");
      expect(scrollWidth).toBeLessThanOrEqual(width);

      const { violations } = await new AxeBuilder({ page })
        .setLegacyMode()
        .options({ resultTypes: ["violations"] })
        .analyze();
      expect(violations.map(({ id, help }) => `${id}: ${help}`)).toEqual([]);
      await context.close();
    },
  );
});
