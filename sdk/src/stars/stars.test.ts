import { type CborValue, toBase64Url } from "@excalibur/core/bytes";
import { describe, expect, it } from "vitest";
import { STARS_AT_MOST, type Star, Stars } from "./index.ts";

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

function starsOf(settings: MemorySettings, gone: readonly Star[] = []): Stars {
  return new Stars({ volumeId: HOME, settings, gone: async () => gone });
}

const HOME = new Uint8Array(16).fill(1);
const OTHER = { volumeId: new Uint8Array(16).fill(2) };

const ids = (count: number) => Array.from({ length: count }, (_, index) => `item${index}`);

describe("stars", () => {
  it("are of items in any volume, beside everything else in the settings, and write only what is new", async () => {
    const settings = new MemorySettings();
    const stars = starsOf(settings);
    await stars.add(["a", "b"]);
    await stars.add(["c"], OTHER);
    await stars.add(["a"]);
    await stars.remove(["nothing"]);
    expect(settings.writes).toBe(2);
    expect(stars.ids()).toEqual(["a", "b", "c"]);
    await stars.remove(["a", "c"]);
    expect(stars.ids()).toEqual(["b"]);
    expect(settings.values.get("theme")).toBe("dark");
  });

  it("are so many at most, in all volumes together, and what is deleted makes room", async () => {
    const settings = new MemorySettings();
    await starsOf(settings).add(["elsewhere"], OTHER);
    await starsOf(settings).add(ids(STARS_AT_MOST - 1));
    await expect(starsOf(settings).add(["one more"])).rejects.toMatchObject({ code: "stars_full" });
    expect(starsOf(settings).ids()).toHaveLength(STARS_AT_MOST);
    const gone = [{ volumeId: toBase64Url(HOME), id: "item3" }];
    await starsOf(settings, gone).add(["one more"], OTHER);
    expect(starsOf(settings).ids()).toContain("one more");
    expect(starsOf(settings).ids()).not.toContain("item3");
  });
});
