import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BackLayers, type HistoryPort } from "./back-layers.ts";

interface Entry {
  readonly address: string;
  readonly state: unknown;
}

/** A browser's history, one step after the other, and what a router hears of it. */
class Browser {
  entries: Entry[] = [{ address: "/files", state: null }];
  at = 0;
  readonly heard: string[] = [];
  readonly #due: (() => void)[] = [];
  readonly layers: BackLayers;
  readonly open = new Set<string>();

  constructor({ tellsIndex = true } = {}) {
    const browser = this;
    const port: HistoryPort = {
      get state() {
        return browser.entry.state;
      },
      get index() {
        return tellsIndex ? browser.at : undefined;
      },
      get address() {
        return browser.entry.address;
      },
      push: (state) => this.#push({ address: this.entry.address, state }),
      go: (steps) => void this.#due.push(() => this.go(steps)),
      later: (work) => void this.#due.push(work),
    };
    this.layers = new BackLayers(port);
  }

  get entry(): Entry {
    return this.entries[this.at] as Entry;
  }

  go(steps: number): void {
    const to = this.at + steps;
    if (to < 0 || to >= this.entries.length) return;
    this.at = to;
    if (!this.layers.moved()) this.heard.push(this.entry.address);
  }

  /** As the router does it. */
  visit(address: string): void {
    this.#push({ address, state: null });
  }

  show(name: string): () => void {
    this.open.add(name);
    const release = this.layers.open(() => this.open.delete(name));
    return () => {
      this.open.delete(name);
      release();
    };
  }

  settle(steps = Number.POSITIVE_INFINITY): void {
    for (let step = 0; step < steps && this.#due.length > 0; step++) this.#due.shift()?.();
  }

  #push(entry: Entry): void {
    this.entries = [...this.entries.slice(0, this.at + 1), entry];
    this.at += 1;
  }
}

describe("back", () => {
  it("closes what lies on top, one after the other, and then goes to the page before; the router hears of pages only", () => {
    const browser = new Browser();
    browser.visit("/trash");
    browser.show("dialog");
    browser.show("menu");
    browser.go(-1);
    expect([...browser.open]).toEqual(["dialog"]);
    browser.go(-1);
    expect([[...browser.open], browser.entry.address, browser.heard]).toEqual([[], "/trash", []]);
    browser.go(-1);
    expect(browser.heard).toEqual(["/files"]);
  });

  it("needs no press for what was closed otherwise", () => {
    const browser = new Browser();
    browser.visit("/trash");
    browser.show("dialog")();
    browser.settle();
    expect([browser.entry.address, browser.entry.state, browser.heard]).toEqual(["/trash", null, []]);
    browser.go(-1);
    expect(browser.heard).toEqual(["/files"]);
  });

  it("passes over what a menu left when it led to another page, both ways", () => {
    const browser = new Browser();
    const choose = browser.show("menu");
    browser.visit("/settings");
    choose();
    browser.settle();
    expect(browser.entry.address).toBe("/settings");
    browser.go(-1);
    browser.settle();
    expect([browser.at, browser.entry.address, browser.heard.at(-1)]).toEqual([0, "/files", "/files"]);
    browser.go(1);
    browser.settle();
    expect([browser.entry.address, browser.heard.at(-1)]).toEqual(["/settings", "/settings"]);
  });

  it("of a browser that does not tell where it is goes back all the same", () => {
    const browser = new Browser({ tellsIndex: false });
    const choose = browser.show("menu");
    browser.visit("/settings");
    choose();
    browser.settle();
    browser.go(-1);
    browser.settle();
    expect([browser.at, browser.heard.at(-1)]).toEqual([0, "/files"]);
  });

  it("serves a dialog that a menu opens, at once or while the menu's entry is taken back", () => {
    const browser = new Browser();
    const choose = browser.show("menu");
    choose();
    const closeFirst = browser.show("dialog");
    browser.settle();
    expect(browser.entries).toHaveLength(2);
    closeFirst();
    browser.settle(1);
    browser.show("second dialog");
    browser.settle();
    browser.go(-1);
    expect([browser.open.size, browser.at, browser.heard]).toEqual([0, 0, []]);
  });

  it("always closes what is open before it leaves, whatever happened before", () => {
    const step = fc.constantFrom("show", "close", "settle", "visit");
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const browser = new Browser();
        const closers: (() => void)[] = [];
        for (const [number, name] of steps.entries()) {
          if (name === "show") closers.push(browser.show(`${number}`));
          if (name === "close") closers.pop()?.();
          if (name === "settle") browser.settle();
          // Pages are left with nothing over them.
          if (name === "visit") {
            browser.visit(`/${number}`);
            while (closers.length > 0) closers.pop()?.();
          }
        }
        browser.settle();
        const page = browser.entry.address;
        for (let open = browser.open.size; open > 0; open--) {
          expect(browser.open.size).toBe(open);
          browser.go(-1);
          browser.settle();
          expect(browser.entry.address).toBe(page);
        }
        expect(browser.open.size).toBe(0);
      }),
    );
  });
});
