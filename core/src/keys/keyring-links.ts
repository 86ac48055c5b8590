import { type CborMap, type CborValue, equalBytes, FormatError, isAllZero, WeakKeyError } from "../bytes/index.ts";
import { isLinkRole, isRole, type Role } from "../volume/record/index.ts";
import { type CborExtras, CborFields, cborFields } from "./cbor-fields.ts";

/** What its maker keeps of a link, in the keyring alone (docs/spec/keys.md §4, key 7). */
export interface KeyringLink {
  readonly linkId: Uint8Array;
  /** 32 bytes. */
  readonly secret: Uint8Array;
  readonly volumeId: Uint8Array;
  /** For the maker's eyes; "" for none. */
  readonly label: string;
  readonly createdMs: number;
  readonly role: Role;
  readonly extras?: CborExtras;
}

/** The links of a keyring; entries that a newer version wrote in another form are left out, and left alone. */
export function readKeyringLinks(links: CborMap): KeyringLink[] {
  const read: KeyringLink[] = [];
  for (const [linkId, value] of links) {
    const link = linkId instanceof Uint8Array && linkId.length === 16 ? readLink(linkId, value) : undefined;
    if (link !== undefined) read.push(link);
  }
  return read;
}

function readLink(linkId: Uint8Array, value: CborValue): KeyringLink | undefined {
  try {
    const fields = new CborFields(value, "keyring's link");
    const link = {
      linkId,
      secret: fields.bytes(1, 32),
      volumeId: fields.bytes(2, 16),
      label: fields.text(3),
      createdMs: fields.uint(4),
      role: fields.uint(5),
      extras: fields.finish(),
    };
    const { role } = link;
    return isRole(role) && isLinkRole(role) && !isAllZero(link.secret) ? { ...link, role } : undefined;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** The map with this link in it, or in the place of what it held of it. */
export function withKeyringLink(links: CborMap, link: KeyringLink): CborMap {
  const { linkId, secret, volumeId, label, createdMs, role, extras } = link;
  if (linkId.length !== 16 || secret.length !== 32) throw new FormatError("A link's id has 16 bytes, its secret 32.");
  if (isAllZero(secret)) throw new WeakKeyError("A link's secret of zero bytes was refused. Nothing was changed.");
  const next = withoutKeyringLink(links, linkId);
  next.set(linkId, cborFields({ 1: secret, 2: volumeId, 3: label, 4: createdMs, 5: role }, extras));
  return next;
}

/** The map without this link. */
export function withoutKeyringLink(links: CborMap, linkId: Uint8Array): CborMap {
  return new Map([...links].filter(([id]) => !(id instanceof Uint8Array && equalBytes(id, linkId))));
}
