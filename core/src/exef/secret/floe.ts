import {
  type Bytes,
  ByteWriter,
  concatBytes,
  equalBytes,
  FormatError,
  readUint,
  uint64,
  utf8Encode,
  writeUint,
} from "../../bytes/index.ts";
import {
  AEAD_IV_LENGTH,
  type AeadKey,
  AuthenticationError,
  aeadOpenInto,
  aeadSealInto,
  hmacSha384,
  importAeadKey,
  type MaybePromise,
  randomBytes,
} from "../../primitives/index.ts";
import { HeaderAuthError, SegmentAuthError } from "./errors.ts";

export const FLOE_IV_LENGTH = 32;
export const FLOE_SEGMENT_OVERHEAD = 32;

const PARAMETERS_LENGTH = 10;
const TAG_LENGTH = 32;
const HEADER_LENGTH = PARAMETERS_LENGTH + FLOE_IV_LENGTH + TAG_LENGTH;
const MESSAGE_KEY_LENGTH = 48;
const SEGMENT_KEY_LENGTH = 32;
const MARKER_LENGTH = 4;
const PAYLOAD_OFFSET = MARKER_LENGTH + AEAD_IV_LENGTH;
const MARKER_NOT_FINAL = 0xffff_ffff;
/** IVs drawn at once, a part's: asking the random generator for each costs more than the IV. */
const IVS_AHEAD = 16;

/** What FLOE leaves to its user; AES-256-GCM, HKDF-Expand-SHA384 and IVs of 32 bytes are fixed here. */
export interface FloeParameters {
  /** Length of every segment but the last, with its 32 bytes of overhead. */
  readonly segmentSize: number;
  /** Low bits of the segment's number that do not change its key. */
  readonly rotationBits: number;
}

export interface FloeStart {
  readonly parameters: FloeParameters;
  readonly key: Uint8Array;
  readonly aad: Uint8Array;
}

export interface FloeSegment {
  readonly index: number;
  readonly isFinal: boolean;
}

/**
 * FLOE (c2sp.org/FLOE), one message: random access to segments that each prove their place and the whole context.
 * Spec: docs/spec/exef.md §3.
 */
export class Floe {
  /** parameters10 ‖ iv32 ‖ tag32. */
  readonly header: Bytes;
  readonly #parameters: FloeParameters;
  readonly #aad: Uint8Array;
  readonly #messageKey: Bytes;
  // The key of the current run of 2^rotationBits segments; sequential work asks for it again and again.
  #run = -1;
  #runKey: MaybePromise<AeadKey> | undefined;

  // Random and used once; gone with this object.
  #ivs = new Uint8Array(0);

  private constructor({ parameters, key, aad }: FloeStart, iv: Uint8Array) {
    if (iv.length !== FLOE_IV_LENGTH) throw new FormatError(`A FLOE IV has ${FLOE_IV_LENGTH} bytes.`);
    this.#parameters = parameters;
    this.#aad = aad;
    const unsigned = concatBytes(encodeParameters(parameters), iv);
    const tag = derive({ key, prefix: unsigned, purpose: utf8Encode("HEADER_TAG:"), aad }, TAG_LENGTH);
    this.header = concatBytes(unsigned, tag);
    this.#messageKey = derive({ key, prefix: unsigned, purpose: utf8Encode("MESSAGE_KEY:"), aad }, MESSAGE_KEY_LENGTH);
  }

  /** For sealing. The IV is random and new, unless a message that was begun goes on. */
  static start(start: FloeStart, iv: Uint8Array): Floe {
    return new Floe(start, iv);
  }

  /** For opening. Throws HeaderAuthError before any segment is touched: the tag commits to the key. */
  static open(start: FloeStart, header: Uint8Array): Floe {
    if (header.length !== HEADER_LENGTH) throw new HeaderAuthError();
    const floe = new Floe(start, header.subarray(PARAMETERS_LENGTH, PARAMETERS_LENGTH + FLOE_IV_LENGTH));
    if (!equalBytes(floe.header, header)) throw new HeaderAuthError();
    return floe;
  }

  /** Writes the segment (payload + 32 bytes) into `out`, under a fresh random IV at every call. */
  sealSegmentInto({ index, isFinal }: FloeSegment, payload: Uint8Array, out: Uint8Array): MaybePromise<void> {
    this.#demandLength(out.length, isFinal);
    if (out.length !== payload.length + FLOE_SEGMENT_OVERHEAD) throw new FormatError("The output has another length.");
    writeUint(out, 0, MARKER_LENGTH, isFinal ? out.length : MARKER_NOT_FINAL);
    const iv = out.subarray(MARKER_LENGTH, PAYLOAD_OFFSET);
    iv.set(this.#freshIv());
    const aad = segmentAad(index, isFinal);
    return after(this.#segmentKey(index), (key) =>
      aeadSealInto({ key, iv, aad, plaintext: payload, out: out.subarray(PAYLOAD_OFFSET) }),
    );
  }

  /** Writes the payload (segment - 32 bytes) into `out`, or zeros and SegmentAuthError. */
  openSegmentInto({ index, isFinal }: FloeSegment, segment: Uint8Array, out: Uint8Array): MaybePromise<void> {
    this.#demandLength(segment.length, isFinal);
    const marker = readUint(segment, 0, MARKER_LENGTH);
    if (marker !== (isFinal ? segment.length : MARKER_NOT_FINAL)) throw new SegmentAuthError(index);
    const iv = segment.subarray(MARKER_LENGTH, PAYLOAD_OFFSET);
    const ciphertext = segment.subarray(PAYLOAD_OFFSET);
    const aad = segmentAad(index, isFinal);
    return after(this.#segmentKey(index), (key) => {
      try {
        const opened = aeadOpenInto({ key, iv, aad, ciphertext, out });
        return opened instanceof Promise ? opened.catch((error) => refuse(index, error)) : opened;
      } catch (error) {
        return refuse(index, error);
      }
    });
  }

  #freshIv(): Uint8Array {
    if (this.#ivs.length === 0) this.#ivs = randomBytes(IVS_AHEAD * AEAD_IV_LENGTH);
    const iv = this.#ivs.subarray(0, AEAD_IV_LENGTH);
    this.#ivs = this.#ivs.subarray(AEAD_IV_LENGTH);
    return iv;
  }

  #demandLength(length: number, isFinal: boolean): void {
    const { segmentSize } = this.#parameters;
    const fits = isFinal ? length >= FLOE_SEGMENT_OVERHEAD && length <= segmentSize : length === segmentSize;
    if (!fits) throw new FormatError(`A segment cannot have ${length} bytes.`);
  }

  #segmentKey(index: number): MaybePromise<AeadKey> {
    const runLength = 2 ** this.#parameters.rotationBits;
    const run = Math.floor(index / runLength);
    if (this.#runKey === undefined || this.#run !== run) {
      const purpose = concatBytes(utf8Encode("DEK:"), uint64(run * runLength));
      const prefix = this.header.subarray(0, PARAMETERS_LENGTH + FLOE_IV_LENGTH);
      const key = derive({ key: this.#messageKey, prefix, purpose, aad: this.#aad }, SEGMENT_KEY_LENGTH);
      this.#runKey = importAeadKey(key);
      this.#run = run;
    }
    return this.#runKey;
  }
}

function encodeParameters({ segmentSize }: FloeParameters): Bytes {
  return new ByteWriter(PARAMETERS_LENGTH).u8(0).u8(0).u32(segmentSize).u32(FLOE_IV_LENGTH).finish();
}

interface Derivation {
  readonly key: Uint8Array;
  /** parameters ‖ iv. */
  readonly prefix: Uint8Array;
  readonly purpose: Uint8Array;
  readonly aad: Uint8Array;
}

// HKDF-Expand-SHA384 of at most 48 bytes is its first block. HMAC directly, because libraries' expand may refuse keys
// that are shorter than the hash.
function derive({ key, prefix, purpose, aad }: Derivation, length: number): Bytes {
  return hmacSha384(key, concatBytes(prefix, purpose, aad, Uint8Array.of(1))).slice(0, length);
}

function segmentAad(index: number, isFinal: boolean): Bytes {
  const aad = new Uint8Array(9);
  writeUint(aad, 0, 8, index);
  aad[8] = isFinal ? 1 : 0;
  return aad;
}

function refuse(index: number, error: unknown): never {
  if (error instanceof AuthenticationError) throw new SegmentAuthError(index, error);
  throw error;
}

function after<T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
