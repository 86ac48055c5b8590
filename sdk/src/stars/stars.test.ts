import type { CborValue } from "@excalibur/core/bytes";
import { describe, expect, it } from "vitest";
import { STARS_AT_MOST, Stars } from "./index.ts";

/** A keyring's settings, without the keyring. */
class MemorySettings {
  values: ReadonlyMap<string, CborValue> = new Map<string, CborValue>([["theme", "dark"]]);
  writes = 0;

  read() {
    return this.values;
  }

  async update(change: (before: ReadonlyMap<string, CborValue>) => ReadonlyMap<string, CborValue>): Promise<void> {
    const after = change(this.values);
    if (after !== this.values) this.writes += 1;
    this.values = after;
  }
}

function starsOf(settings: MemorySettings, { volume = 1, gone = [] as readonly string[] } = {}): Stars {
  return new Stars({ volumeId: new Uint8Array(16).fill(volume), settings, gone: async () => gone });
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `item${index}`);

describe("stars", () => {
  it("are those of their volume, beside everything else in the settings, and write only what is new", async () => {
    const settings = new MemorySettings();
    const [home, other] = [starsOf(settings), starsOf(settings, { volume: 2 })];
    await home.add(["a", "b"]);
    await other.add(["c"]);
    await home.add(["a"]);
    await home.remove(["c", "nothing"]);
    expect(settings.writes).toBe(2);
    await home.remove(["a"]);
    expect([home.ids(), other.ids()]).toEqual([["b"], ["c"]]);
    expect(settings.values.get("theme")).toBe("dark");
  });

  it("are so many at most, in all volumes together, and what is deleted makes room", async () => {
    const settings = new MemorySettings();
    await starsOf(settings, { volume: 2 }).add(["elsewhere"]);
    await starsOf(settings).add(ids(STARS_AT_MOST - 1));
    await expect(starsOf(settings).add(["one more"])).rejects.toMatchObject({ code: "stars_full" });
    expect(starsOf(settings).ids()).toHaveLength(STARS_AT_MOST - 1);
    await starsOf(settings, { gone: ["item3"] }).add(["one more"]);
    expect(starsOf(settings).ids()).toContain("one more");
    expect(starsOf(settings).ids()).not.toContain("item3");
  });
});
