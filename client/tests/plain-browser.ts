/**
 * [Note: A browser that nobody watches]
 * Who follows a page through its protocol keeps what the page sends and gets, in the page's own process: Playwright slows uploads to a
 * fraction of what the browser can, and hundreds of megabytes of bodies count as the page's memory. What is measured is measured in a
 * browser that was let go: Playwright does what comes before (`watched`), then it is told to press, choose and evaluate, and nothing else.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium, type Page } from "playwright-core";
import { CHROMIUM } from "./client-world.ts";

const LISTENING = /^DevTools listening on (ws:\/\/\S+)$/;

export interface PlainBrowser extends AsyncDisposable {
  /** Of the first process; the others are its children. */
  readonly pid: number;
  /** Where downloads are written, each under its own name. */
  readonly downloadFolder: string;
  /** Work by Playwright on the only page; afterwards nothing of it is left in the browser. */
  watched<T>(work: (page: Page) => Promise<T>): Promise<T>;
  /** What a script in the page gives, waited for. */
  evaluate<T>(script: string): Promise<T>;
  /** Files for the input that the selector names, as if somebody had picked them. */
  pick(selector: string, paths: readonly string[]): Promise<void>;
  /** The middle of what the script finds. */
  click(script: string): Promise<void>;
  /** A letter, with the control key. */
  pressControl(letter: string): Promise<void>;
}

/** Rejects when the browser does not start. */
export async function startPlainBrowser(): Promise<PlainBrowser> {
  const folder = await mkdtemp(join(tmpdir(), "excalibur-browser-"));
  const downloadFolder = join(folder, "downloads");
  const flags = ["--headless=new", "--remote-debugging-port=0", `--user-data-dir=${join(folder, "profile")}`];
  const size = "--window-size=1440,900";
  const child = spawn(CHROMIUM.executablePath, [...CHROMIUM.args, ...flags, size, "--lang=en-GB", "about:blank"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const dispose = async (): Promise<void> => {
    child.kill();
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const address = await addressOf(child);
    const browser = await Line.open(address);
    const { targetInfos } = await browser.ask<{ targetInfos: { type: string; targetId: string }[] }>(
      "Target.getTargets",
    );
    const targetId = targetInfos.find(({ type }) => type === "page")?.targetId;
    const { sessionId } = await browser.ask<{ sessionId: string }>("Target.attachToTarget", {
      targetId,
      flatten: true,
    });
    const evaluate = async <T>(expression: string): Promise<T> => {
      const how = { expression, awaitPromise: true, returnByValue: true, userGesture: true };
      const { result, exceptionDetails } = await browser.ask<Evaluated>("Runtime.evaluate", how, sessionId);
      if (exceptionDetails !== undefined)
        throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value as T;
    };
    return {
      pid: child.pid as number,
      downloadFolder,
      evaluate,
      watched: async (work) => {
        const result = await watched(address, work);
        // It had put downloads elsewhere.
        await browser.ask("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloadFolder });
        return result;
      },
      click: async (script) => {
        const { x, y } = await evaluate<{ x: number; y: number }>(
          `(() => { const { x, y, width, height } = (${script}).getBoundingClientRect(); return { x: x + width / 2, y: y + height / 2 }; })()`,
        );
        for (const type of ["mousePressed", "mouseReleased"]) {
          await browser.ask("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 }, sessionId);
        }
      },
      pressControl: async (letter) => {
        const key = {
          key: letter,
          code: `Key${letter.toUpperCase()}`,
          windowsVirtualKeyCode: letter.toUpperCase().charCodeAt(0),
        };
        for (const type of ["rawKeyDown", "keyUp"]) {
          await browser.ask("Input.dispatchKeyEvent", { type, modifiers: 2, ...key }, sessionId);
        }
      },
      pick: async (selector, files) => {
        const { root } = await browser.ask<{ root: { nodeId: number } }>("DOM.getDocument", {}, sessionId);
        const wanted = { nodeId: root.nodeId, selector };
        const { nodeId } = await browser.ask<{ nodeId: number }>("DOM.querySelector", wanted, sessionId);
        await browser.ask("DOM.setFileInputFiles", { files, nodeId }, sessionId);
      },
      [Symbol.asyncDispose]: async () => {
        browser.close();
        await dispose();
      },
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

interface Evaluated {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
}

async function watched<T>(address: string, work: (page: Page) => Promise<T>): Promise<T> {
  const browser = await chromium.connectOverCDP(address);
  try {
    const page = browser.contexts()[0]?.pages()[0];
    if (page === undefined) throw new Error("The browser has no page.");
    return await work(page);
  } finally {
    await browser.close();
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new TypeError("Nobody reads what the browser says.");
  for await (const line of createInterface({ input: child.stderr })) {
    const [, address] = LISTENING.exec(line) ?? [];
    if (address === undefined) continue;
    // Read on, or it waits for a reader some day.
    child.stderr.resume();
    return address;
  }
  throw new Error("The browser ended before it could be spoken to.");
}

/** Questions and answers over the browser's own socket. */
class Line {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data: text }) => this.#hear(String(text)));
    socket.addEventListener("close", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("The browser is gone."));
    });
  }

  static async open(address: string): Promise<Line> {
    const socket = new WebSocket(address);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("open", () => resolve());
      socket.addEventListener("error", () => reject(new Error("The browser does not answer.")));
    });
    return new Line(socket);
  }

  async ask<T>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    return (await answer.promise) as T;
  }

  close(): void {
    this.#socket.close();
  }

  #hear(text: string): void {
    const { id, result, error } = JSON.parse(text) as {
      readonly id?: number;
      readonly result?: unknown;
      readonly error?: { readonly message: string };
    };
    if (id === undefined) return;
    const answer = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) answer?.resolve(result);
    else answer?.reject(new Error(error.message));
  }
}
