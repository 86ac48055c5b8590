import { describe, expect, it } from "vitest";
import type { Unfinished } from "./transfer-types.ts";
import { type Locks, UnfinishedUploads } from "./unfinished.ts";

class Notes {
  readonly notes = new Map<string, Uint8Array>();
  get = async (name: string) => this.notes.get(name);
  put = async (name: string, note: Uint8Array) => void this.notes.set(name, note);
  delete = async (names: readonly string[]) => {
    for (const name of names) this.notes.delete(name);
  };
}

/** As the browser's; `end` is what it does when a window goes away. */
class Windows {
  readonly #held = new Map<string, Promise<void>>();
  readonly #ends = new Map<string, () => void>();

  locksOf(window: string): Locks {
    return {
      request: async (name, _, work) => {
        while (this.#held.has(name)) await this.#held.get(name);
        let release: () => void = () => undefined;
        this.#held.set(name, new Promise((resolve) => (release = resolve)));
        const free = (): void => {
          this.#held.delete(name);
          release();
        };
        if (name.startsWith("excalibur-window-")) this.#ends.set(window, free);
        const given = await work();
        free();
        return given;
      },
    };
  }

  end(window: string): void {
    this.#ends.get(window)?.();
  }
}

const FILM = { folderId: "f", name: "film.mp4", sizeBytes: 5, modifiedMs: 7 };

async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe("uploads that a window left behind", () => {
  it("are offered by another when that window is gone, and not before", async () => {
    const [notes, windows] = [new Notes(), new Windows()];
    const first = new UnfinishedUploads(notes, windows.locksOf("gone"));
    await first.remember(FILM);
    const done = await first.remember({ ...FILM, name: "done.mp4" });
    await first.forget([done]);
    const second = new UnfinishedUploads(notes, windows.locksOf("second"));
    await second.remember({ ...FILM, name: "own.mp4" });
    const found: Unfinished[] = [];
    await second.watch((uploads) => found.push(...uploads));
    await turns();
    expect(found).toEqual([]);
    windows.end("gone");
    await turns();
    expect(found).toEqual([{ ...FILM, id: expect.any(String) }]);
    await second.forget(found.map(({ id }) => id));
    const again: Unfinished[] = [];
    await second.watch((uploads) => again.push(...uploads));
    await turns();
    expect(again).toEqual([]);
  });

  it("are offered in the same window as well once its account was closed", async () => {
    const [notes, windows] = [new Notes(), new Windows()];
    const before = new UnfinishedUploads(notes, windows.locksOf("one"));
    await before.remember(FILM);
    before.close();
    const found: Unfinished[] = [];
    await new UnfinishedUploads(notes, windows.locksOf("one")).watch((uploads) => found.push(...uploads));
    await turns();
    expect(found).toEqual([{ ...FILM, id: expect.any(String) }]);
  });
});
