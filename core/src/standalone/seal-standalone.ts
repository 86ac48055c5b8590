import { type Bytes, ExcaliburError, type Pieces } from "../bytes/index.ts";
import {
  ciphertextLength,
  EXEF_KIND,
  EXEF_MAX_REAL_LENGTH,
  EXEF_OBJECT_ID_LENGTH,
  partRange,
} from "../exef/public/index.ts";
import { ObjectSealer, sealStream, sealUnsizedStream } from "../exef/secret/index.ts";
import { randomBytes } from "../primitives/index.ts";
import { sealForPassword, sealForRecipient } from "./entries.ts";
import { encodeHead, MAX_ENTRIES, MAX_PASSWORDS } from "./head.ts";

const FILE_KEY_LENGTH = 32;
// Where a part begins does not depend on the object's length, as long as it has that part.
const LONGEST = ciphertextLength(EXEF_MAX_REAL_LENGTH);

export interface SealStandaloneOptions {
  /** Public keys as `parseRecipientKey` accepts them. Together with the passwords at least 1 and at most 16. */
  readonly recipients: readonly Uint8Array[];
  /** At most two, as they were typed. */
  readonly passwords: readonly string[];
  readonly source: Pieces;
  /** Bytes in the source. Left out where nobody knows before it has ended. */
  readonly size?: number;
}

/** Bytes of the file and where they belong. */
export interface StandalonePiece {
  readonly position: number;
  /** Valid only until the next piece is asked for. */
  readonly bytes: Uint8Array;
}

/**
 * Seals a stream into a standalone file (spec/standalone.md). With a size the pieces come in the order of the file;
 * without one the piece that holds the length comes last, and the file is nothing before it is there. Throws
 * ExcaliburError, code `standalone_entries`, for a wrong number of keys, SourceChangedError if the source has not the size that was said.
 */
export async function* sealStandalone(options: SealStandaloneOptions): AsyncGenerator<StandalonePiece> {
  const { recipients, passwords, source, size } = options;
  const key = { fileKey: randomBytes(FILE_KEY_LENGTH), objectId: randomBytes(EXEF_OBJECT_ID_LENGTH) };
  try {
    const head = await sealHead({ recipients, passwords }, key);
    yield { position: 0, bytes: head };
    const object = { ...key, kind: EXEF_KIND.standalone };
    const parts =
      size === undefined
        ? sealUnsizedStream({ ...object, source })
        : sealStream({ sealer: new ObjectSealer({ ...object, size }), source, reuseBuffers: true });
    for await (const { index, bytes } of parts) {
      yield { position: head.length + partRange(LONGEST, index).start, bytes };
    }
  } finally {
    key.fileKey.fill(0);
  }
}

async function sealHead(
  { recipients, passwords }: Pick<SealStandaloneOptions, "recipients" | "passwords">,
  key: { readonly fileKey: Bytes; readonly objectId: Bytes },
): Promise<Bytes> {
  const count = recipients.length + passwords.length;
  if (count < 1 || count > MAX_ENTRIES || passwords.length > MAX_PASSWORDS) {
    throw new ExcaliburError(
      "standalone_entries",
      `A standalone file is for 1 to ${MAX_ENTRIES} recipients and passwords, at most ${MAX_PASSWORDS} of them passwords. Nothing was sealed.`,
    );
  }
  const entries = [];
  for (const password of passwords) entries.push(await sealForPassword(password, key));
  for (const recipient of recipients) entries.push(await sealForRecipient(recipient, key));
  return encodeHead(entries, key);
}
