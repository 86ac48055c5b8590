import { type CborKey, type CborMap, type CborValue, encodeCbor, equalBytes, toHex } from "../bytes/index.ts";
import type { HistoryPosition } from "../volume/record/index.ts";
import type { CborExtras } from "./cbor-fields.ts";
import type { Contact, HistoryNote, Keyring, KeyringVolume } from "./keyring.ts";

/** What two devices changed in ways that no rule can reconcile. The person, or a ceremony, decides. */
export type KeyringConflict =
  | { readonly kind: "contact"; readonly userId: string; readonly mine: Contact; readonly theirs: Contact }
  | { readonly kind: "volumeKey"; readonly volumeId: string; readonly g: number }
  | {
      readonly kind: "head";
      readonly volumeId: string;
      readonly mine: HistoryPosition;
      readonly theirs: HistoryPosition;
    }
  | { readonly kind: "identity" }
  | { readonly kind: "homeVolume" }
  | { readonly kind: "links" | "requests" | "settings" | "extras"; readonly key: string };

export interface KeyringMerge {
  /**
   * Both sides' changes. Where `conflicts` says that they disagree it holds mine, and a contact whose fingerprint is
   * in dispute is not verified: nothing is sealed for that contact until the person has decided.
   */
  readonly merged: Keyring;
  readonly conflicts: readonly KeyringConflict[];
}

export interface KeyringSides {
  /** The last version both sides know. */
  readonly base: Keyring;
  readonly mine: Keyring;
  readonly theirs: Keyring;
}

/**
 * Three-way merge by key (cryptography.md §3): what only one side changed is taken from that side. Keys and volumes
 * are never lost, the higher accepted head is the floor, and a changed contact fingerprint is never merged silently.
 */
export function mergeKeyrings({ base, mine, theirs }: KeyringSides): KeyringMerge {
  const conflicts: KeyringConflict[] = [];
  const note = (conflict: KeyringConflict) => void conflicts.push(conflict);

  const identity = choose({ base: identityOf(base), mine: identityOf(mine), theirs: identityOf(theirs) }, sameIdentity);
  if (identity.disputed) note({ kind: "identity" });
  const home = choose({ base: base.homeVolumeId, mine: mine.homeVolumeId, theirs: theirs.homeVolumeId }, equalBytes);
  if (home.disputed) note({ kind: "homeVolume" });
  const cborMaps = (["links", "requests"] as const).map((kind) =>
    mergeCbor(cborSides(base[kind], mine[kind], theirs[kind]), (key) => note({ kind, key })),
  );
  const settings = mergeCbor({ base: base.settings, mine: mine.settings, theirs: theirs.settings }, (key) =>
    note({ kind: "settings", key }),
  );
  const extras = mergeCbor(extrasSides(base.extras, mine.extras, theirs.extras), (key) =>
    note({ kind: "extras", key: String(key) }),
  );

  const merged: Keyring = {
    ...identity.value,
    volumes: mergeVolumes({ base, mine, theirs }, note),
    contacts: mergeContacts({ base, mine, theirs }, note),
    links: byCborKey(cborMaps[0]),
    requests: byCborKey(cborMaps[1]),
    settings,
    history: mergeHistory({ base, mine, theirs }),
    homeVolumeId: home.value,
    extras,
  };
  return { merged, conflicts };
}

interface Sides<T> {
  readonly base: T;
  readonly mine: T;
  readonly theirs: T;
}

function choose<T>({ base, mine, theirs }: Sides<T>, same: (a: T, b: T) => boolean): { value: T; disputed: boolean } {
  if (same(mine, theirs) || same(theirs, base)) return { value: mine, disputed: false };
  if (same(mine, base)) return { value: theirs, disputed: false };
  return { value: mine, disputed: true };
}

type Identities = Pick<Keyring, "identity" | "earlierIdentities">;

function identityOf({ identity, earlierIdentities }: Keyring): Identities {
  return { identity, earlierIdentities };
}

function sameIdentity(a: Identities, b: Identities): boolean {
  const seeds = ({ identity, earlierIdentities }: Identities) =>
    [...earlierIdentities, identity].map((each) =>
      [each.sequence, toHex(each.signatureSeed), toHex(each.sealingSeed)].join(),
    );
  return seeds(a).join(" ") === seeds(b).join(" ");
}

type Note = (conflict: KeyringConflict) => void;

/** All names of the three, mine first. */
function namesOf(...maps: readonly ReadonlyMap<string, unknown>[]): Set<string> {
  return new Set(maps.flatMap((map) => [...map.keys()]));
}

function mergeVolumes({ base, mine, theirs }: KeyringSides, note: Note): Map<string, KeyringVolume> {
  const volumes = new Map<string, KeyringVolume>();
  for (const id of namesOf(mine.volumes, theirs.volumes)) {
    const [a, b] = [mine.volumes.get(id), theirs.volumes.get(id)];
    // A volume that one side has and the other has not was either added by the one or forgotten by the other.
    if (a === undefined || b === undefined) {
      const kept = (a ?? b) as KeyringVolume;
      const known = base.volumes.get(id);
      if (known === undefined || !sameVolume(known, kept)) volumes.set(id, kept);
      continue;
    }
    const onFork = (sides: { mine: HistoryPosition; theirs: HistoryPosition }) =>
      note({ kind: "head", volumeId: id, ...sides });
    volumes.set(id, {
      volumeId: a.volumeId,
      keys: mergeKeys(a, b, (g) => note({ kind: "volumeKey", volumeId: id, g })),
      head: higherHead(a.head, b.head, onFork),
      extras: mergeCbor(extrasSides(base.volumes.get(id)?.extras, a.extras, b.extras), (key) =>
        note({ kind: "extras", key: `${id}/${key}` }),
      ),
    });
  }
  return volumes;
}

function sameVolume(a: KeyringVolume, b: KeyringVolume): boolean {
  return a.keys.size === b.keys.size && a.head?.sequence === b.head?.sequence;
}

function mergeKeys(
  mine: KeyringVolume,
  theirs: KeyringVolume,
  onDispute: (g: number) => void,
): Map<number, Uint8Array> {
  const keys = new Map(theirs.keys);
  for (const [g, key] of mine.keys) {
    const other = keys.get(g);
    if (other !== undefined && !equalBytes(other, key)) onDispute(g);
    keys.set(g, key);
  }
  return keys;
}

function higherHead(
  mine: HistoryPosition | null,
  theirs: HistoryPosition | null,
  onFork: (sides: { mine: HistoryPosition; theirs: HistoryPosition }) => void,
): HistoryPosition | null {
  if (mine === null || theirs === null) return mine ?? theirs;
  if (mine.sequence === theirs.sequence && !equalBytes(mine.hash, theirs.hash)) onFork({ mine, theirs });
  return theirs.sequence > mine.sequence ? theirs : mine;
}

function mergeContacts({ base, mine, theirs }: KeyringSides, note: Note): Map<string, Contact> {
  const contacts = new Map<string, Contact>();
  for (const id of namesOf(mine.contacts, theirs.contacts)) {
    const [a, b, known] = [mine.contacts.get(id), theirs.contacts.get(id), base.contacts.get(id)];
    if (a !== undefined && b !== undefined && !equalBytes(a.fingerprint, b.fingerprint)) {
      note({ kind: "contact", userId: id, mine: a, theirs: b });
      contacts.set(id, { ...a, verified: false });
      continue;
    }
    const { value } = choose<Contact | undefined>({ base: known, mine: a, theirs: b }, sameContact);
    if (value !== undefined) contacts.set(id, value);
  }
  return contacts;
}

function sameContact(a: Contact | undefined, b: Contact | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    equalBytes(a.fingerprint, b.fingerprint) &&
    a.verified === b.verified &&
    a.name === b.name &&
    sameValue(new Map(a.extras), new Map(b.extras))
  );
}

function sameValue(a: CborValue | undefined, b: CborValue | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return equalBytes(encodeCbor(a), encodeCbor(b));
}

function mergeCbor<K extends string | number>(
  { base, mine, theirs }: Sides<ReadonlyMap<K, CborValue>>,
  onDispute: (key: K) => void,
): Map<K, CborValue> {
  const merged = new Map<K, CborValue>();
  for (const key of new Set([...mine.keys(), ...theirs.keys()])) {
    const sides = { base: base.get(key), mine: mine.get(key), theirs: theirs.get(key) };
    const { value, disputed } = choose(sides, sameValue);
    if (disputed) onDispute(key);
    if (value !== undefined) merged.set(key, value);
  }
  return merged;
}

function extrasSides(
  base: CborExtras | undefined,
  mine: CborExtras | undefined,
  theirs: CborExtras | undefined,
): Sides<CborExtras> {
  return { base: base ?? new Map(), mine: mine ?? new Map(), theirs: theirs ?? new Map() };
}

// Keys of these maps may be byte strings, which a Map compares by identity: their encoding stands in for them.
function cborSides(base: CborMap, mine: CborMap, theirs: CborMap): Sides<Map<string, CborValue>> {
  const byText = (map: CborMap) => new Map([...map].map(([key, value]) => [toHex(encodeCbor(key)), [key, value]]));
  return { base: byText(base), mine: byText(mine), theirs: byText(theirs) };
}

function byCborKey(rows: ReadonlyMap<string, CborValue> | undefined): CborMap {
  return new Map([...(rows ?? [])].map(([, row]) => row as [CborKey, CborValue]));
}

/** Every note of both sides once, by time. */
function mergeHistory({ mine, theirs }: KeyringSides): HistoryNote[] {
  const notes = new Map([...mine.history, ...theirs.history].map((each) => [`${each.atMs} ${each.text}`, each]));
  return [...notes.values()].sort((a, b) => a.atMs - b.atMs);
}
