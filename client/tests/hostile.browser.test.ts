import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { bytesSource, type Device } from "@excalibur/testing";
import type { Locator, Response } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ClientWorld, goTo, signIn, startClientWorld, type Window } from "./client-world.ts";
import { pdfOf, pngOf, wavOf } from "./sample-files.ts";

/** What runs shows itself in three ways: a dialog, a line in the console, a question to the server. */
const RUN = "alert('ran');console.log('ran');fetch(`/ran`)";
const ENCODED = RUN.replaceAll(/[^a-z]/gi, (sign) => `&#${sign.charCodeAt(0)};`);

const NAMES = [
  "<img src=x onerror=alert('ran')>",
  "<svg onload=alert('ran')>",
  `"><script>alert('ran')<script>`,
  "javascript:alert('ran')",
  "' onmouseover='alert(1)' x='",
  "&lt;img src=x onerror=alert(1)&gt;",
  "{{name}} $t(files.trash) {{count, number}}",
  "{{alert('ran')}} #{7*7} {{constructor.constructor('alert(1)')()}}",
  "__proto__",
  "data:text;html,<b>bold<b>",
];

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60" onload="${ENCODED}">
<script>${RUN}</script><image href="/ran.png" onerror="${ENCODED}"/><foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" srcdoc="&lt;script&gt;top.alert('ran')&lt;/script&gt;"/></foreignObject>
<a href="javascript:${ENCODED}"><rect width="60" height="60" fill="green"/></a></svg>`;
const HTML = `<!doctype html><script>${RUN}</script><img src=x onerror="${ENCODED}"><meta http-equiv=refresh content="0;url=/ran">`;
const XML = `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="/ran.xsl"?><!DOCTYPE a [<!ENTITY b SYSTEM "/ran">]><a>&b;</a>`;
const XHTML = `<html xmlns="http://www.w3.org/1999/xhtml"><body><script>${RUN}</script></body></html>`;
const MARKDOWN = `# <img src=x onerror=alert('ran')>

<script>${RUN}</script>

[a](javascript:alert('ran')) [b](<data:text/html,<script>alert(1)</script>>) ![c](/ran.png) ![d](javascript:alert(1))
<a href="javascript:alert('ran')">e</a> <javascript:alert('ran')> [f](vbscript:x "onmouseover=alert(1)")

\`\`\`html"><img src=x onerror=alert('ran')>
<script>${RUN}</script>
\`\`\`
`;

let world: ClientWorld;
let alice: Window;
let laptop: Device;
let elsewhere: Server;
const ran: string[] = [];
const streamed: Response[] = [];

beforeAll(async () => {
  world = await startClientWorld();
  alice = await world.open();
  const { context, page } = alice;
  context.on("dialog", (dialog) => {
    ran.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on("console", (message) => message.text() === "ran" && ran.push("console"));
  context.on("request", (request) => new URL(request.url()).pathname.startsWith("/ran") && ran.push(request.url()));
  context.on("response", (response) => response.url().includes("/streams/") && streamed.push(response));
  const { alice: person } = await world.world.people("alice");
  await signIn(page, { origin: world.origin, ...person });
  laptop = await person.device("<img src=x onerror=alert('ran')>");
  for (const name of NAMES) {
    const source = { mediaType: `text/html"><script>${RUN}</script>` };
    const file = Object.assign(bytesSource(name, new TextEncoder().encode(`${name}\n`)), source);
    await laptop.write(`/Names/${name} folder/${name}.txt`, file);
  }
  const contents: Record<string, string | Uint8Array> = {
    "a drawing.svg": SVG,
    "b page.html": HTML,
    "c page.png": HTML,
    "d page.jpg": XHTML,
    "e drawing.png": SVG,
    "f paper.png": pdfOf(["x"], RUN),
    "g paper.pdf": pdfOf(["A page"], RUN),
    "h tree.xml": XML,
    "i notes.md": MARKDOWN,
    "j page.gif": `GIF89a<script>${RUN}</script>`,
    "k page.mp4": HTML,
    "l picture.png": pngOf({ width: 40, height: 30, note: `<script>${RUN}</script>` }),
    "m song.wav": wavOf(10),
  };
  for (const [name, content] of Object.entries(contents)) await laptop.write(`/Contents/${name}`, content);
  elsewhere = createServer((_, answer) => answer.setHeader("content-type", "text/html").end("<!doctype html>"));
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
});

beforeEach(() => {
  ran.length = 0;
});

afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
  await new Promise((resolve) => elsewhere?.close(resolve));
});

const row = (name: string): Locator => alice.page.locator(".row").filter({ hasText: name });
const viewer = (): Locator => alice.page.getByRole("dialog", { name: /^Preview of/ });
const press = (key: string) => alice.page.keyboard.press(key);
const says = (text: string): Promise<void> => alice.page.getByText(text, { exact: true }).first().waitFor();
const openContents = async (): Promise<void> => {
  await goTo(alice.page, `${world.origin}/files`);
  await alice.page.getByRole("row", { name: /^Contents/ }).dblclick();
};
/** Whatever waits to run has had its turn. */
const settle = () => alice.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))");

describe("H1 names and types that are script", () => {
  it("H1 are text in the list, the path, the details, the menus, the question, the toast, the trash and the viewer", async () => {
    const { page } = alice;
    await page.getByRole("row", { name: /^Names/ }).dblclick();
    await says(`${NAMES[0]} folder`);
    expect((await page.locator(".row-title").allInnerTexts()).sort()).toEqual(
      NAMES.map((name) => `${name} folder`).sort(),
    );
    await page.getByRole("button", { name: "Details" }).click();
    for (const name of NAMES.slice(0, 2).concat(NAMES.slice(6, 8))) {
      await row(`${name} folder`).dblclick();
      await page.getByRole("heading", { level: 1, name: `${name} folder`, exact: true }).waitFor();
      await row(`${name}.txt`).click();
      await page
        .getByRole("complementary")
        .getByRole("heading", { name: `${name}.txt`, exact: true })
        .waitFor();
      await page.getByText("Its name and place stand in a history").waitFor();
      await press("Enter");
      await viewer()
        .getByRole("heading", { level: 1, name: `${name}.txt`, exact: true })
        .waitFor();
      await viewer().getByText(name, { exact: true }).waitFor();
      await press("Escape");
      await viewer().waitFor({ state: "detached" });
      await press("F2");
      expect(await page.getByLabel("New name").inputValue()).toBe(`${name}.txt`);
      await page.locator("ion-modal").getByRole("button", { name: "Cancel" }).click();
      await page.getByLabel("New name").waitFor({ state: "detached" });
      await row(`${name}.txt`).click();
      await press("Delete");
      await says(`“${name}.txt” is in the trash.`);
      await page.goBack();
      await says(`${NAMES[0]} folder`);
    }
    await page.getByRole("link", { name: "Trash" }).click();
    await says(`${NAMES[0]}.txt`);
    await page
      .getByRole("row")
      .filter({ hasText: `My files/Names/${NAMES[0]} folder` })
      .waitFor();
    await settle();
    expect(ran).toEqual([]);
    // Nothing of a name became an element either.
    expect(await page.locator("#root script, #root img, #root iframe, #root b").count()).toBe(0);
    await goTo(page, `${world.origin}/settings/security`);
    await page.getByText("<img src=x onerror=alert('ran')>").first().waitFor();
    await settle();
    expect(ran).toEqual([]);
  });
});

describe("H1, H2 contents that are something else than their names say", () => {
  it("H1, H2 are pictures, text or a message, and nothing of them runs, loads or becomes a page", async () => {
    const { page, context } = alice;
    await openContents();
    await row("a drawing").dblclick();
    const shown: Record<string, () => Locator> = {
      "a drawing.svg": () => viewer().getByRole("img", { name: "Picture a drawing.svg" }),
      "b page.html": () => viewer().getByText("<!doctype html>"),
      "c page.png": () => viewer().getByText("This is no picture"),
      "d page.jpg": () => viewer().getByText("This is no picture"),
      "e drawing.png": () => viewer().getByText("This is no picture"),
      "f paper.png": () => viewer().getByText("This is no picture"),
      "g paper.pdf": () => viewer().getByText("A page"),
      "h tree.xml": () => viewer().getByText("<?xml-stylesheet"),
      "i notes.md": () => viewer().getByText("onmouseover").or(viewer().locator(".text-markup")).first(),
      // Its script, read as a size.
      "j page.gif": () => viewer().getByText("It says that it is"),
      "k page.mp4": () => viewer().getByText("This browser cannot play"),
      "l picture.png": () => viewer().getByRole("img", { name: "Picture l picture.png" }),
    };
    for (const [name, what] of Object.entries(shown)) {
      await viewer().getByRole("heading", { level: 1, name, exact: true }).waitFor();
      await what().waitFor();
      await settle();
      expect([name, ran, await viewer().locator("script, iframe, object, embed, [onerror], [onload]").count()]).toEqual(
        [name, [], 0],
      );
      if (name === "i notes.md") {
        expect(await viewer().locator(".viewer-sheet").getByRole("link").count()).toBe(0);
        expect(await viewer().locator(".viewer-sheet img").count()).toBe(0);
      }
      if (name === "a drawing.svg") {
        // Opened alone, as "open picture in a new window" does: the address is of this origin, and so is its policy.
        const address = await what().getAttribute("src");
        const [popup] = await Promise.all([
          context.waitForEvent("page"),
          page.evaluate((at) => void window.open(at ?? ""), address),
        ]);
        await popup.waitForLoadState();
        await popup.evaluate("new Promise((done) => setTimeout(done, 100))");
        expect(ran.filter((line) => !line.endsWith("/ran.png"))).toEqual([]);
        ran.length = 0;
        await popup.close();
      }
      await press("ArrowRight");
    }
    await press("Escape");
    await viewer().waitFor({ state: "detached" });
  });

  it("H2 come down as bytes of no kind, to be kept and not shown", async () => {
    const { page, context } = alice;
    await openContents();
    const answers: Response[] = [];
    context.on("response", (response) => response.url().includes("/downloads/") && answers.push(response));
    const coming = page.waitForEvent("download");
    await row("b page.html").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Download" }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe("b page.html");
    // To its end: browsers break off who goes elsewhere while one begins, and the page asks who leaves before it has heard of it.
    expect(await download.failure()).toBeNull();
    await page.getByText("Everything is there").waitFor();
    expect(answers[0]?.headers()).toMatchObject({
      "content-type": "application/octet-stream",
      "content-disposition": "attachment; filename*=UTF-8''b%20page.html",
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
    });
    expect(ran).toEqual([]);
  });
});

describe("H4 the streams of the service worker", () => {
  /** Whether a player in the page that `evaluate` stands for gets something at an address. */
  const plays = (page: Window["page"], address: string): Promise<string> =>
    page.evaluate(
      (at) =>
        new Promise<string>((resolve) => {
          const player = document.createElement("audio");
          player.addEventListener("loadedmetadata", () => resolve("plays"));
          player.addEventListener("error", () => resolve("nothing"));
          player.src = at;
        }),
      address,
    );

  it("H4 answer the players of the window that opened the file, with nothing that could be a page", async () => {
    const { page, context } = alice;
    await openContents();
    streamed.length = 0;
    await row("m song").dblclick();
    await viewer().getByLabel("Sound m song.wav").waitFor();
    await expect.poll(() => streamed.some((response) => response.status() === 206)).toBe(true);
    const address = streamed.at(-1)?.url() ?? "";
    expect(address).toMatch(new RegExp(`^${world.origin}/streams/[\\w-]{22}$`));
    expect(streamed.at(-1)?.headers()).toMatchObject({
      "content-type": "audio/wav",
      "content-disposition": "attachment",
      "content-security-policy": "sandbox; default-src 'none'",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
    // The control: a player of this window.
    expect(await plays(page, address)).toBe("plays");
    // Not a player.
    expect(await page.evaluate((at) => fetch(at).then(({ status }) => status), address)).toBe(404);
    // Another window of the same person.
    const other = await context.newPage();
    await other.goto(`${world.origin}/files`);
    await other.getByRole("heading", { name: "My files" }).waitFor();
    expect(await plays(other, address)).toBe("nothing");
    // Somebody who goes there.
    const gone = await other.goto(address);
    expect([gone?.status(), gone?.headers()["content-security-policy"]]).toEqual([404, "sandbox; default-src 'none'"]);
    // Another origin.
    await other.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
    expect(await plays(other, address)).toBe("nothing");
    expect(
      await other.evaluate(
        (at) =>
          fetch(at, { mode: "no-cors" }).then(
            () => "answered",
            () => "refused",
          ),
        address,
      ),
    ).toBe("refused");
    await other.close();
    // And nobody once it is closed; asked in another way, because a window remembers what it has just played.
    expect(await plays(page, `${address}?open`)).toBe("plays");
    await press("Escape");
    await viewer().waitFor({ state: "detached" });
    expect(await plays(page, `${address}?closed`)).toBe("nothing");
  });
});

describe("H6 pages of others", () => {
  it("H6 cannot frame the drive, keep a hold on it, or speak to it", async () => {
    const { page, context } = alice;
    const other = await context.newPage();
    await other.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
    const framed = await other.evaluate(
      (at) =>
        new Promise<string>((resolve) => {
          const frame = document.createElement("iframe");
          frame.src = at;
          frame.addEventListener("load", () => resolve("loaded"));
          document.body.append(frame);
        }),
      `${world.origin}/files`,
    );
    expect(framed).toBe("loaded");
    // Browsers load a page of their own where they refuse one.
    await expect
      .poll(() => other.frames().map((frame) => frame.url()), { timeout: 20_000 })
      .toEqual([other.url(), "chrome-error://chromewebdata/"]);
    const [opened] = await Promise.all([
      context.waitForEvent("page"),
      other.evaluate((at) => {
        (globalThis as { drive?: unknown }).drive = window.open(at);
      }, `${world.origin}/files`),
    ]);
    await opened.getByRole("heading", { name: "My files" }).waitFor();
    expect(await opened.evaluate(() => window.opener)).toBeNull();
    expect(await other.evaluate(() => (globalThis as { drive?: { closed: boolean } }).drive?.closed)).toBe(true);
    await opened.close();
    await other.close();

    // A message that claims to come from the service worker, while a file is open.
    await openContents();
    streamed.length = 0;
    await row("m song").dblclick();
    await expect.poll(() => streamed.length).toBeGreaterThan(0);
    const streamId = streamed.at(-1)?.url().split("/").at(-1) ?? "";
    const answered = (from: string) =>
      page.evaluate(
        ([id, origin]) =>
          new Promise<string>((resolve) => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve("answered");
            const source = origin === "" ? navigator.serviceWorker.controller : null;
            const data = { type: "stream", streamId: id, range: null };
            const event = { data, origin: origin || location.origin, source, ports: [port2] };
            navigator.serviceWorker.dispatchEvent(new MessageEvent("message", event));
            setTimeout(() => resolve("silence"), 1_000);
          }),
        [streamId, from] as const,
      );
    expect(await answered("")).toBe("answered");
    expect(await answered("https://elsewhere.example")).toBe("silence");
    await press("Escape");
  });
});
