import { ByteReader, type Bytes, ByteWriter, FormatError, fromHex, toHex } from "../../bytes/index.ts";
import { EXEF_HEADER_SIZE, EXEF_OBJECT_ID_LENGTH, EXEF_PRELUDE_SIZE, type ExefKind, isExefKind } from "./constants.ts";
import { UnsupportedVersionError } from "./errors.ts";

const MAGIC = "ExEF";
const VERSION = 3;
const SUITE = 1;
const RESERVED_LENGTH = 8;
const FLOE_IV_LENGTH = 32;
const FLOE_TAG_LENGTH = 32;

/** AES-256-GCM, HKDF-Expand-SHA384, segments of 2^18 bytes, IV of 32: all that suite 1 knows. */
const FLOE_PARAMETERS = fromHex("00000004000000000020");

export interface ExefPrelude {
  readonly kind: ExefKind;
  readonly objectId: Uint8Array;
}

export interface ExefHeader extends ExefPrelude {
  /** All 106 bytes, a copy. */
  readonly headerBytes: Bytes;
  /** The first 32 of them. */
  readonly prelude: Uint8Array;
  /** The other 74: parameters10 ‖ iv32 ‖ tag32. */
  readonly floeHeader: Uint8Array;
}

/** The 32 bytes in front of the FLOE header (spec/exef.md §1). */
export function encodeExefPrelude({ kind, objectId }: ExefPrelude): Bytes {
  if (objectId.length !== EXEF_OBJECT_ID_LENGTH) throw new FormatError("An objectId has 16 bytes.");
  if (!isExefKind(kind)) throw new UnsupportedVersionError("kind", kind);
  return new ByteWriter(EXEF_PRELUDE_SIZE)
    .text(MAGIC)
    .u16(VERSION)
    .u8(SUITE)
    .u8(kind)
    .bytes(objectId)
    .bytes(new Uint8Array(RESERVED_LENGTH))
    .finish();
}

/**
 * Reads the header at the front of an object. Throws FormatError (magic, length, reserved bytes) or
 * UnsupportedVersionError (version, suite, kind, FLOE parameters). The header tag needs the key: see exef/secret.
 */
export function parseExefHeader(bytes: Uint8Array): ExefHeader {
  if (bytes.length < EXEF_HEADER_SIZE) throw new FormatError("The object ends inside its header.");
  const headerBytes = new Uint8Array(bytes.subarray(0, EXEF_HEADER_SIZE));
  const reader = new ByteReader(headerBytes, "object");
  reader.expectAscii(MAGIC);
  const version = reader.u16();
  if (version !== VERSION) throw new UnsupportedVersionError("version", version);
  const suite = reader.u8();
  if (suite !== SUITE) throw new UnsupportedVersionError("suite", suite);
  const kind = reader.u8();
  if (!isExefKind(kind)) throw new UnsupportedVersionError("kind", kind);
  const objectId = reader.bytes(EXEF_OBJECT_ID_LENGTH);
  if (reader.bytes(RESERVED_LENGTH).some((byte) => byte !== 0)) {
    throw new FormatError("The object's reserved bytes are not zero.");
  }
  const parameters = toHex(reader.bytes(FLOE_PARAMETERS.length));
  if (parameters !== toHex(FLOE_PARAMETERS)) throw new UnsupportedVersionError("FLOE parameters", parameters);
  reader.bytes(FLOE_IV_LENGTH + FLOE_TAG_LENGTH);
  reader.finish();
  return {
    kind,
    objectId,
    headerBytes,
    prelude: headerBytes.subarray(0, EXEF_PRELUDE_SIZE),
    floeHeader: headerBytes.subarray(EXEF_PRELUDE_SIZE),
  };
}
