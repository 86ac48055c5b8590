/** Fixed numbers of ExEF v3, suite 1 (spec/exef.md §1, §3, §7). All in bytes unless the name says otherwise. */
export const EXEF_PRELUDE_SIZE = 32;
export const EXEF_HEADER_SIZE = 106;
export const EXEF_SEGMENT_SIZE = 262_144;
/** marker4 ‖ iv12 … tag16. */
export const EXEF_SEGMENT_OVERHEAD = 32;
export const EXEF_PAYLOAD_SIZE = EXEF_SEGMENT_SIZE - EXEF_SEGMENT_OVERHEAD;
export const EXEF_MAX_SEGMENTS = 2 ** 26;
/** Segments of an upload part. */
export const EXEF_PART_SEGMENTS = 16;
/** Segments of a part in bytes; part 0 has the header on top. */
export const EXEF_PART_SIZE = EXEF_PART_SEGMENTS * EXEF_SEGMENT_SIZE;
/** be64 of the real length, in front of the data. */
export const EXEF_LENGTH_PREFIX_SIZE = 8;
/** Shorter data is padded to this. */
export const EXEF_MIN_PADDED_DATA = 512;
/** The smallest object there is: no data at all. */
export const EXEF_MIN_CIPHERTEXT_LENGTH = 658;
/** The largest data whose padding still fits 2^26 segments. */
export const EXEF_MAX_REAL_LENGTH = 17_454_747_090_944;

export const EXEF_OBJECT_ID_LENGTH = 16;
export const EXEF_HASH_LENGTH = 32;

/** What an object is (spec/exef.md §2). */
export const EXEF_KIND = {
  content: 1,
  thumbnail: 2,
  page: 3,
  slot: 4,
  keyring: 5,
  previousKeys: 6,
  standalone: 7,
  requestItem: 8,
  cacheRecord: 9,
} as const;
export type ExefKind = (typeof EXEF_KIND)[keyof typeof EXEF_KIND];

const KINDS: ReadonlySet<number> = new Set(Object.values(EXEF_KIND));

export function isExefKind(kind: number): kind is ExefKind {
  return KINDS.has(kind);
}
