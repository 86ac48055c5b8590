import AxeBuilder from "@axe-core/playwright";
import { ROUTES } from "@excalibur/core/protocol";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestServer, testServer } from "../../testing/index.ts";

const FLAGS =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
/** Each size and each theme once: they do not meet in this page's rules, and all its routes opened are a lot to check. */
const SCREENS = [
  { screen: "phone", width: 390, height: 844, theme: "light" },
  { screen: "desktop", width: 1440, height: 900, theme: "dark" },
] as const;

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

describe("/api/docs", () => {
  it.each(SCREENS)(
    "can be read by everybody on a $screen in $theme, has every route, and asks nobody for anything",
    async ({ screen, width, height, theme }) => {
      const { origin } = test.server;
      const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
      const page = await context.newPage();
      const [asked, complaints]: [string[], string[]] = [[], []];
      page.on("request", (request) => asked.push(request.url()));
      page.on("console", (message) => complaints.push(message.text()));
      await page.goto(`${origin}/api/docs`);
      expect(await page.locator("details").count()).toBe(ROUTES.length);
      // Opened by keyboard, as by anything else.
      await page.locator("#createUpload summary").focus();
      await page.keyboard.press("Enter");
      expect(await page.locator("#createUpload .more").isVisible()).toBe(true);
      expect(await page.locator("#createUpload pre").first().innerText()).toContain("objectId: id");
      expect(await page.locator("#createUpload dl").innerText()).toContain("quota_exceeded");
      const folder = process.env["EXCALIBUR_SCREENSHOTS"];
      if (folder) await page.screenshot({ path: `${folder}/docs-${screen}-${theme}.png` });

      await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
      const scrollWidth = await page.evaluate("document.documentElement.scrollWidth");
      expect(scrollWidth).toBeLessThanOrEqual(width);
      // Structure is the same in both; colours are not.
      const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
      if (theme === "dark") axe.withRules(["color-contrast"]);
      const { violations } = await axe.analyze();
      expect(violations.map(({ id, help }) => `${id}: ${help}`)).toEqual([]);
      expect(asked.filter((address) => !address.startsWith("data:"))).toEqual([`${origin}/api/docs`]);
      expect(complaints).toEqual([]);

      await page.locator("header a").click();
      expect(page.url()).toBe(`${origin}/api/openapi.json`);
      await context.close();
    },
  );
});
