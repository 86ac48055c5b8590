import {
  type Bytes,
  type CborValue,
  concatBytes,
  decodeCbor,
  encodeCbor,
  FormatError,
  IntegrityError,
} from "../bytes/index.ts";
import { EXEF_KIND } from "../exef/public/index.ts";
import { openObject, sealObject } from "../exef/secret/index.ts";
import { type HistoryPosition, isLinkRole, isRole, type Role } from "../volume/record/index.ts";
import { CborFields, cborFields } from "./cbor-fields.ts";
import { LinkRecordError } from "./errors.ts";

const CONTEXT_MARK = 5;
const COUNTER_LIMIT = 2 ** 48;

/** Where a link leads, as its maker saw it (docs/spec/links.md §4). The visitor verifies from there on like a member. */
export interface LinkRecord {
  readonly volumeId: Uint8Array;
  /** Hash of the volume's first commit. */
  readonly genesisHash: Uint8Array;
  /** Of the newest manifest then: the visitor accepts manifests that are, or extend, that one. */
  readonly manifestHash: Uint8Array;
  /** The head then: the history must contain it. */
  readonly head: HistoryPosition;
  /** Of the link's row: 16 viewer, 17 editor. */
  readonly role: Role;
}

export interface SealedLink {
  readonly linkId: Uint8Array;
  /** `recordKey` of the link's keys. */
  readonly recordKey: Uint8Array;
}

/** Seals where the link leads: an object of kind 4. */
export async function sealLinkRecord({ linkId, recordKey }: SealedLink, record: LinkRecord): Promise<Bytes> {
  const { volumeId, genesisHash, manifestHash, head, role } = record;
  const plaintext = encodeCbor(
    cborFields({ 1: volumeId, 2: genesisHash, 3: manifestHash, 4: [head.sequence, head.hash], 5: role }),
  );
  decodeLinkRecord(plaintext);
  const sealed = await sealObject({
    key: recordKey,
    kind: EXEF_KIND.slot,
    context: linkContext(linkId),
    plaintext,
  });
  return sealed.bytes;
}

/** Throws LinkRecordError when it is not the one that the link's maker sealed. */
export async function openLinkRecord({ linkId, recordKey }: SealedLink, sealed: Uint8Array): Promise<LinkRecord> {
  let plaintext: Bytes;
  try {
    plaintext = await openObject({
      key: recordKey,
      kind: EXEF_KIND.slot,
      context: linkContext(linkId),
      bytes: sealed,
    });
  } catch (error) {
    throw error instanceof IntegrityError ? new LinkRecordError(error) : error;
  }
  return decodeLinkRecord(plaintext);
}

/** 05 ‖ linkId16. */
function linkContext(linkId: Uint8Array): Bytes {
  if (linkId.length !== 16) throw new FormatError(`A link's id has 16 bytes, not ${linkId.length}.`);
  return concatBytes(Uint8Array.of(CONTEXT_MARK), linkId);
}

function decodeLinkRecord(plaintext: Uint8Array): LinkRecord {
  const fields = new CborFields(decodeCbor(plaintext), "link record");
  const record = {
    volumeId: fields.bytes(1, 16),
    genesisHash: fields.bytes(2, 32),
    manifestHash: fields.bytes(3, 32),
    head: readHead(fields.array(4)),
    role: readRole(fields.uint(5)),
  };
  fields.finish();
  return record;
}

function readHead([sequence, hash, ...more]: readonly CborValue[]): HistoryPosition {
  const isGood =
    typeof sequence === "number" &&
    sequence >= 0 &&
    sequence < COUNTER_LIMIT &&
    hash instanceof Uint8Array &&
    hash.length === 32 &&
    more.length === 0;
  if (!isGood) throw new FormatError("The link record names no head.");
  return { sequence, hash };
}

function readRole(role: number): Role {
  if (!isRole(role) || !isLinkRole(role)) throw new FormatError(`A link has no role ${role}.`);
  return role;
}
