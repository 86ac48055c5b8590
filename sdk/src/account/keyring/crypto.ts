/** Opening, sealing and merging keyrings. */

import { toBase64Url } from "@excalibur/core/bytes";
import {
  acceptKeyring,
  type Contact,
  type Keyring,
  type KeyringLink,
  type KeyringPosition,
  mergeKeyrings,
  nextChain,
  openKeyring,
  readKeyringLinks,
  sealKeyring,
  withKeyringLink,
  withoutKeyringLink,
} from "@excalibur/core/keys";
import { sha256 } from "@excalibur/core/primitives";
import type { HistoryPosition } from "@excalibur/core/volume/record";
import type { SealedKeyring } from "../api.ts";
import type { AccountKey } from "../crypto.ts";

export type { Contact, Keyring, KeyringLink };

/** A keyring this device has accepted, and the bytes that prove what follows it. */
export interface AcceptedKeyring {
  readonly keyring: Keyring;
  readonly position: KeyringPosition;
  readonly stored: SealedKeyring;
}

/** Opens what the server or the cache holds; whether it follows what this device knows is `acceptOffered`'s question. */
async function open(account: AccountKey, stored: SealedKeyring) {
  const { userId, key } = account;
  return openKeyring({ userId, accountKey: key, ...stored });
}

/** The keyring of this device's own memory. Throws KeyringError when the row is damaged. */
export async function openRemembered(account: AccountKey, stored: SealedKeyring): Promise<AcceptedKeyring> {
  const { keyring, previousChain } = await open(account, stored);
  const chain = nextChain(previousChain, sha256(stored.sealed));
  return { keyring, stored, position: { version: stored.version, chain } };
}

/** Throws KeyringError, RollbackError or ForkError (keys.md §4). `hashesBetween` are the server's, untrusted. */
export async function acceptOffered(
  account: AccountKey,
  offered: SealedKeyring,
  memory: { readonly remembered: KeyringPosition | null; readonly hashesBetween: readonly Uint8Array[] },
): Promise<AcceptedKeyring> {
  const { keyring, previousChain } = await open(account, offered);
  const { version, sealed } = offered;
  return { keyring, stored: offered, position: acceptKeyring({ version, sealed, previousChain, ...memory }) };
}

/** The version after `current`, sealed. */
export async function sealNext(
  account: AccountKey,
  current: AcceptedKeyring,
  keyring: Keyring,
): Promise<SealedKeyring> {
  const { userId, key, generation } = account;
  const version = current.position.version + 1;
  const sealed = await sealKeyring({
    ...{ userId, generation, version, keyring },
    accountKey: key,
    previousChain: current.position.chain,
  });
  return { version, generation, sealed };
}

export { mergeKeyrings };

/** One keyring of two that share no provable past: nothing of either is dropped, and where they disagree this device's side stays, unverified. */
export function mergeUnrelated(mine: Keyring, theirs: Keyring): Keyring {
  const nothing = { contacts: new Map(), links: new Map(), requests: new Map(), settings: new Map() };
  return mergeKeyrings({ base: { ...theirs, ...nothing }, mine, theirs }).merged;
}

/** The keyring with heads moved forward, never back; the same object when there is nothing to move. */
export function withHeads(keyring: Keyring, heads: ReadonlyMap<string, HistoryPosition>): Keyring {
  const volumes = new Map(keyring.volumes);
  let moved = false;
  for (const [id, head] of heads) {
    const volume = volumes.get(id);
    if (volume === undefined || (volume.head !== null && volume.head.sequence >= head.sequence)) continue;
    volumes.set(id, { ...volume, head });
    moved = true;
  }
  return moved ? { ...keyring, volumes } : keyring;
}

/** The last of them are kept: the keyring travels whole. */
const HISTORY_LIMIT = 500;

export function withNote(keyring: Keyring, note: Keyring["history"][number]): Keyring {
  return { ...keyring, history: [...keyring.history, note].slice(-HISTORY_LIMIT) };
}

/** The keyring with these keys of a volume beside those it has. The head stays if it has a higher one. */
export function withVolume(keyring: Keyring, { volumeId, keys, head }: KeptVolume): Keyring {
  const id = toBase64Url(volumeId);
  const known = keyring.volumes.get(id);
  const higher = known?.head && known.head.sequence > head.sequence ? known.head : head;
  const volumes = new Map(keyring.volumes);
  volumes.set(id, { ...known, volumeId, keys: new Map([...(known?.keys ?? []), ...keys]), head: higher });
  return { ...keyring, volumes };
}

export interface KeptVolume {
  readonly volumeId: Uint8Array;
  readonly keys: ReadonlyMap<number, Uint8Array>;
  readonly head: HistoryPosition;
}

export function withoutVolume(keyring: Keyring, volumeId: Uint8Array): Keyring {
  const id = toBase64Url(volumeId);
  if (!keyring.volumes.has(id)) return keyring;
  const volumes = new Map(keyring.volumes);
  volumes.delete(id);
  return { ...keyring, volumes };
}

export function withContact(keyring: Keyring, contact: Contact): Keyring {
  const id = toBase64Url(contact.userId);
  const contacts = new Map(keyring.contacts);
  contacts.set(id, { ...contacts.get(id), ...contact });
  return { ...keyring, contacts };
}

/** The links that this account made. */
export function linksOf({ links }: Keyring): KeyringLink[] {
  return readKeyringLinks(links);
}

export function withLink(keyring: Keyring, link: KeyringLink): Keyring {
  return { ...keyring, links: withKeyringLink(keyring.links, link) };
}

export function withoutLink(keyring: Keyring, linkId: Uint8Array): Keyring {
  const links = withoutKeyringLink(keyring.links, linkId);
  return links.size === keyring.links.size ? keyring : { ...keyring, links };
}

export function volumeOf(keyring: Keyring, volumeId: Uint8Array) {
  return keyring.volumes.get(toBase64Url(volumeId));
}
