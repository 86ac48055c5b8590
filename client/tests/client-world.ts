/** The built client on a real server, in a real browser: one build for all, and one server with people for each file of stories. */

import { randomBytes } from "node:crypto";
import AxeBuilder from "@axe-core/playwright";
import { invite } from "@excalibur/server/testing";
import { type Device, type PersonName, passwordOf, World } from "@excalibur/testing";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
  type Route,
} from "playwright-core";
import { CLIENT_FOLDER } from "../build/ensure-built.ts";

/** A name that leads here and that browsers do not take for this machine, as other devices see a server. */
export const OTHER_NAME = "drive.example.test";

const FLAGS =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

/**
 * What Playwright leaves out, since the last list holds, and the address bar's own page, which costs more for each window than a page of ours: most of
 * two seconds.
 */
const UNWANTED =
  "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch,WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup";

/** The browser of this machine, for stories and pictures. */
export const CHROMIUM = {
  executablePath: process.env["EXCALIBUR_CHROMIUM"] ?? "/usr/bin/chromium",
  args: [...FLAGS.split(" "), `--disable-features=${UNWANTED}`, `--host-resolver-rules=MAP ${OTHER_NAME} 127.0.0.1`],
};

/** Far more than any step takes, and less than a story may: a busy machine is no reason to fail. */
const STEP_TIMEOUT_MS = 75_000;

/** Of whoever signs up by the pages. */
export const PASSWORD = "nine lakes under ice";

/** A name that no earlier try of the same story has used. */
export function fresh(name: string): string {
  return `${name} ${randomBytes(3).toString("hex")}`;
}

/** A test file is one network to the server. */
const RATE_LIMITS = { generalPerMinute: 1_000_000, sensitivePerMinute: 1_000_000 };

/** One browser window of somebody, and everything that it must not do. */
export interface Window extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained about: violations of the policy, errors of the program. */
  readonly complaints: string[];
  /** Every address that was asked for. */
  readonly asked: string[];
}

export interface ClientWorld extends AsyncDisposable {
  readonly origin: string;
  /** The server, and people who have been its users for a while. */
  readonly world: World;
  /** The server's clock, which a story may move. */
  nowMs(): number;
  advance(byMs: number): void;
  /** An invitation's address, good for one account. */
  invitation(): Promise<string>;
  open(options?: BrowserContextOptions): Promise<Window>;
  /** A new browser, in which one of the people has signed in. */
  enter(name: PersonName, options?: BrowserContextOptions): Promise<Window>;
  /** Another device of one of them, without a window. */
  laptop(name: PersonName): Promise<Device>;
}

export async function startClientWorld(): Promise<ClientWorld> {
  let aheadMs = 0;
  const nowMs = () => Date.now() + aheadMs;
  const server = { webFolder: CLIENT_FOLDER, clock: nowMs, rateLimits: RATE_LIMITS };
  const world = await World.start({ database: "sqlite", server });
  const { origin } = world;
  return {
    origin,
    world,
    nowMs,
    advance: (byMs) => {
      aheadMs += byMs;
    },
    invitation: async () => `${origin}/#invite=${await invite(world.server)}`,
    open: (options = {}) => openWindow(options),
    enter: async (name, options = {}) => {
      const window = await openWindow(options);
      await signIn(window.page, { origin, name, password: passwordOf(name) });
      return window;
    },
    laptop: async (name) => (await world.people(name))[name].laptop,
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

let browser: Promise<Browser> | undefined;

/** The browser of this process, which lives as long as it: files of stories share it, and each window has its own profile. */
function theBrowser(): Promise<Browser> {
  browser ??= chromium.launch(CHROMIUM);
  return browser;
}

/** For programs that end by themselves, as workers of the test runner do not. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
}

/** Nothing moves unless a story wants it. */
async function openWindow(options: BrowserContextOptions): Promise<Window> {
  const usual = { viewport: { width: 1440, height: 900 }, locale: "en-GB", reducedMotion: "reduce" } as const;
  const context = await (await theBrowser()).newContext({ ...usual, ...options });
  const [complaints, asked]: [string[], string[]] = [[], []];
  context.on("request", (request) => asked.push(request.url()));
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  const left = new Set<string>();
  // A page that is left lets go of what it was loading, and its last word may be that it did not get it.
  const isLastWord = (complaint: string) => left.has(/imported module: (\S+)$/.exec(complaint)?.[1] ?? "");
  context.on("requestfailed", (request) => {
    if (request.failure()?.errorText !== "net::ERR_ABORTED") return;
    left.add(request.url());
    const others = complaints.filter((complaint) => !isLastWord(complaint));
    complaints.splice(0, complaints.length, ...others);
  });
  context.on("weberror", (error) => {
    const { message } = error.error();
    if (!isLastWord(message)) complaints.push(message);
  });
  context.setDefaultTimeout(STEP_TIMEOUT_MS);
  const page = await context.newPage();
  return { page, context, complaints, asked, [Symbol.asyncDispose]: () => context.close() };
}

/**
 * Lets no request to such an address through, until what is given back is called. Those that were held are failed then: the browser would
 * let them go on to the server when nobody stands in their way any more, even those of a page that is gone.
 */
export async function holdBack(context: BrowserContext, addresses: RegExp): Promise<() => Promise<void>> {
  const held: Route[] = [];
  let isOver = false;
  const hold = async (route: Route): Promise<void> => {
    if (isOver) await route.abort();
    else held.push(route);
  };
  await context.route(addresses, hold);
  return async () => {
    isOver = true;
    for (const route of held) await route.abort();
    await context.unroute(addresses, hold);
  };
}

/**
 * Where somebody types an address. What has just been closed takes its entry out of the history ([Note: Back]), and a browser gives up going
 * elsewhere for that; people are not that fast.
 */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.evaluate(async () => {
    const isOver = () => !((history.state as { excaliburLayer?: number } | null)?.excaliburLayer ?? 0);
    for (let frames = 0; frames < 300 && !isOver(); frames += 1)
      await new Promise((done) => requestAnimationFrame(done));
  });
  try {
    await page.goto(address);
  } catch (error) {
    if (!(error instanceof Error && error.message.includes("net::ERR_ABORTED"))) throw error;
    await page.goto(address);
  }
}

/**
 * Listens to what the window says and takes back by itself, for as long as there is the window. What is given back waits until such a
 * sentence was said since it was last asked for one: on a busy machine it may be gone again before anybody looks.
 */
export async function listenTo(page: Page): Promise<(sentence: string) => Promise<void>> {
  const said: string[] = [];
  let heard = Promise.withResolvers<void>();
  await page.exposeFunction("excaliburSaid", (sentence: string) => {
    said.push(sentence);
    heard.resolve();
    heard = Promise.withResolvers();
  });
  const listen = (): void => {
    let last: string | undefined;
    new MutationObserver(() => {
      const now = document.querySelector(".undo-text")?.textContent ?? undefined;
      if (now !== undefined && now !== last) (globalThis as unknown as Ears).excaliburSaid(now);
      last = now;
    }).observe(document, { subtree: true, childList: true, characterData: true });
  };
  await page.addInitScript(listen);
  await page.evaluate(listen);
  return async (sentence) => {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Error(`“${sentence}” was not said, but: ${said.join(" | ")}`)),
      STEP_TIMEOUT_MS,
    );
    try {
      while (!said.includes(sentence)) await Promise.race([heard.promise, late.promise]);
      said.splice(0, said.indexOf(sentence) + 1);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** What a page is given by `listenTo`. */
interface Ears {
  excaliburSaid(sentence: string): void;
}

/** The first of the three steps, and a look at the words. */
export async function makeAccount(page: Page, invitation: string, name: string): Promise<string[]> {
  await page.goto(invitation);
  await page.getByRole("button", { name: "Create your account" }).click();
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Choose a password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: "Your recovery words" }).waitFor();
  return await page.getByRole("listitem").allInnerTexts();
}

/** By the invitation, through all three steps, as a person does it. Gives the recovery words. */
export async function signUp(page: Page, invitation: string, name: string): Promise<string[]> {
  const words = await makeAccount(page, invitation, name);
  await checkWords(page, words);
  await page.getByRole("heading", { name: "My files" }).waitFor();
  return words;
}

/** The last two steps: the words were saved, and are typed as they are. */
export async function checkWords(page: Page, words: readonly string[]): Promise<void> {
  await page.getByRole("button", { name: "I have saved them" }).click();
  for (const field of await page.getByRole("textbox").all()) {
    const label = await field.evaluate((input: HTMLInputElement) => input.labels?.[0]?.innerText ?? "");
    await field.fill(words[Number(label.replace(/\D/g, "")) - 1] ?? "");
  }
  await page.getByRole("button", { name: "Check" }).click();
}

/** With the name and the password, as on a device that is new to the drive. */
export async function signIn(
  page: Page,
  { origin, name, password }: { readonly origin: string; readonly name: string; readonly password: string },
): Promise<void> {
  await page.goto(`${origin}/sign-in`);
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "My files" }).waitFor();
}

/**
 * What the accessibility engine finds wrong, one line each. In the page itself, whose frames are none of other origins, and without saying
 * what is right: a quarter of the work.
 */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // Half of the work would be to compile the engine once more for each look.
  const isThere = await page.evaluate(() => "axe" in globalThis);
  const engine = new AxeBuilder(isThere ? { page, axeSource: ";" } : { page });
  engine.setLegacyMode().options({ resultTypes: ["violations"], selectors: false });
  const { violations } = await engine.analyze();
  const problems = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  // The role of Ionic's dialog stands on an element of its shadow, around the slot: the rule of regions does not see it.
  return problems.filter((problem) => !problem.startsWith("region: <ion-modal "));
}
