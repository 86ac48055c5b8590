import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CborValue, toBase64Url, toHex } from "../bytes/index.ts";
import { CHAIN_START, encodeKeyring, type Keyring, mergeKeyrings } from "./index.ts";

import { contact, contactsOf, fill, keyring, volume, volumesOf } from "./keyring.suite.ts";

describe("merging", () => {
  const merge = (mine: Partial<Keyring>, theirs: Partial<Keyring>, base: Partial<Keyring> = {}) =>
    mergeKeyrings({
      base: { ...keyring, ...base },
      mine: { ...keyring, ...base, ...mine },
      theirs: { ...keyring, ...base, ...theirs },
    });

  it("takes what only one side changed, from either side", () => {
    const changes: Partial<Keyring>[] = [
      { settings: new Map<string, CborValue>([["theme", "light"]]) },
      { contacts: contactsOf(contact(1), contact(2), contact(3)) },
      { contacts: contactsOf(contact(1)) },
      { contacts: contactsOf(contact(1, { name: "renamed" }), contact(2, { verified: false })) },
      { volumes: new Map([...keyring.volumes, ...volumesOf(volume(3))]) },
      { links: new Map<Uint8Array, CborValue>([[fill(16, 9), 1]]) },
      { homeVolumeId: fill(16, 2) },
      { identity: { sequence: 3, signatureSeed: fill(32, 7), sealingSeed: fill(32, 8) } },
      { extras: new Map([[64, 1]]) },
    ];
    for (const change of changes) {
      const [ours, theirs] = [merge(change, {}), merge({}, change)];
      expect([ours.conflicts, theirs.conflicts]).toEqual([[], []]);
      const text = (each: Keyring) => toHex(encodeKeyring({ keyring: each, previousChain: CHAIN_START }));
      expect(text(theirs.merged)).toBe(text(ours.merged));
    }
    expect(merge({ contacts: contactsOf(contact(1)) }, {}).merged.contacts.size).toBe(1);
    expect(merge({}, { settings: new Map() }).merged.settings.size).toBe(0);
  });

  it("joins changes of both sides to different keys", () => {
    const { merged, conflicts } = merge(
      { settings: new Map<string, CborValue>([...keyring.settings, ["mine", 1]]), history: [{ atMs: 3, text: "b" }] },
      {
        settings: new Map<string, CborValue>([...keyring.settings, ["theirs", 2]]),
        history: [
          { atMs: 2, text: "a" },
          { atMs: 3, text: "b" },
        ],
      },
    );
    expect(conflicts).toEqual([]);
    expect([...merged.settings.keys()].sort()).toEqual(["list", "mine", "theirs", "theme"]);
    expect(merged.history.map((each) => each.text)).toEqual(["a", "b"]);
  });

  it("never merges a changed fingerprint silently, and trusts neither meanwhile", () => {
    const other = contactsOf(contact(1, { fingerprint: fill(32, 99) }), contact(2, { verified: false }));
    for (const { merged, conflicts } of [merge({ contacts: other }, {}), merge({}, { contacts: other })]) {
      expect(conflicts).toMatchObject([{ kind: "contact", userId: toBase64Url(fill(16, 1)) }]);
      expect(merged.contacts.get(toBase64Url(fill(16, 1)))?.verified).toBe(false);
    }
    const added = { contacts: contactsOf(contact(7)) };
    const addedToo = { contacts: contactsOf(contact(7, { fingerprint: fill(32, 98) })) };
    expect(merge(added, addedToo).conflicts).toHaveLength(1);
  });

  it("keeps every volume key, the higher head, and reports forks", () => {
    const id = toBase64Url(fill(16, 1));
    const older = volume(1, {
      keys: new Map([
        [0, fill(32, 1)],
        [1, fill(32, 11)],
      ]),
    });
    const newer = volume(1, {
      keys: new Map([
        [0, fill(32, 1)],
        [2, fill(32, 12)],
      ]),
      head: { sequence: 9, hash: fill(32, 3) },
    });
    for (const sides of [
      [older, newer],
      [newer, older],
    ] as const) {
      const { merged, conflicts } = merge({ volumes: volumesOf(sides[0]) }, { volumes: volumesOf(sides[1]) });
      expect(conflicts).toEqual([]);
      expect([...(merged.volumes.get(id)?.keys.keys() ?? [])].sort()).toEqual([0, 1, 2]);
      expect(merged.volumes.get(id)?.head?.sequence).toBe(9);
    }
    const forked = volume(1, { head: { sequence: 5, hash: fill(32, 77) } });
    expect(merge({}, { volumes: volumesOf(forked) }).conflicts).toMatchObject([{ kind: "head", volumeId: id }]);
    const rekeyed = volume(1, { keys: new Map([[0, fill(32, 88)]]) });
    expect(merge({}, { volumes: volumesOf(rekeyed) }).conflicts).toEqual([{ kind: "volumeKey", volumeId: id, g: 0 }]);
  });

  it("forgets a volume only if the other side did not touch it", () => {
    const id = toBase64Url(fill(16, 2));
    expect(merge({ volumes: volumesOf(volume(1)) }, {}).merged.volumes.has(id)).toBe(false);
    const used = new Map([...keyring.volumes, ...volumesOf(volume(2, { head: { sequence: 1, hash: fill(32, 1) } }))]);
    expect(merge({ volumes: volumesOf(volume(1)) }, { volumes: used }).merged.volumes.has(id)).toBe(true);
  });

  it("reports what both changed differently, and holds mine", () => {
    const identity = (n: number) => ({
      identity: { sequence: 3, signatureSeed: fill(32, n), sealingSeed: fill(32, n) },
    });
    const { merged, conflicts } = merge(
      {
        ...identity(40),
        homeVolumeId: fill(16, 40),
        settings: new Map<string, CborValue>([["theme", 1]]),
        links: new Map([["l", 1]]),
        extras: new Map([[70, 1]]),
      },
      {
        ...identity(41),
        homeVolumeId: fill(16, 41),
        settings: new Map<string, CborValue>([["theme", 2]]),
        links: new Map([["l", 2]]),
        extras: new Map([[70, 2]]),
      },
    );
    expect(conflicts.map((each) => each.kind).sort()).toEqual([
      "extras",
      "homeVolume",
      "identity",
      "links",
      "settings",
    ]);
    expect(merged.identity.signatureSeed).toEqual(fill(32, 40));
    expect(merged.links.get("l")).toBe(1);
  });

  it("with itself changes nothing, whatever it holds", () => {
    const settings = fc.dictionary(
      fc.string({ maxLength: 5 }),
      fc.oneof(fc.maxSafeInteger(), fc.string(), fc.boolean()),
      { maxKeys: 5 },
    );
    fc.assert(
      fc.property(settings, fc.nat(5), (values, extra) => {
        const side = {
          settings: new Map(Object.entries(values)),
          volumes: volumesOf(...Array.from({ length: extra }, (_, n) => volume(n + 1))),
        };
        const { merged, conflicts } = merge(side, side, side);
        expect(conflicts).toEqual([]);
        const whole = { ...keyring, ...side };
        expect(encodeKeyring({ keyring: merged, previousChain: CHAIN_START })).toEqual(
          encodeKeyring({ keyring: whole, previousChain: CHAIN_START }),
        );
      }),
      { numRuns: 50 },
    );
  });
});
