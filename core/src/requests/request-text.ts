import { type Bytes, concatBytes, decodeCbor, encodeCbor, FormatError, utf8Encode } from "../bytes/index.ts";
import { EXEF_KIND } from "../exef/public/index.ts";
import { openObject, sealObject } from "../exef/secret/index.ts";
import { CborFields, cborFields } from "../keys/index.ts";
import { deriveKey } from "../labels/index.ts";
import type { RequestAddress } from "./request-url.ts";

/** Bytes of UTF-8; the number of types, and bytes of each. */
export const REQUEST_TEXT_LIMITS = {
  titleBytes: 200,
  textBytes: 4_000,
  ownerBytes: 200,
  types: 50,
  typeBytes: 16,
} as const;

const CONTEXT_MARK = 8;
const TYPE = /^[a-z0-9][a-z0-9+_-]*$/;

/** What a request shows to whoever has its address. */
export interface RequestText {
  readonly title: string;
  /** What is asked for, in the owner's words; may be empty. */
  readonly text: string;
  /** Who asks, as they call themselves; may be empty. It proves nothing. */
  readonly owner: string;
  /** Endings of the files that are wanted, lower case and without the dot; none: all. Clients hold to it, no server can. */
  readonly types: readonly string[];
}

type Place = Pick<RequestAddress, "requestId" | "keyHash" | "textKey">;

/** An object of kind 4 (spec/requests.md §2). Throws FormatError for a text beyond the limits. */
export async function sealRequestText(place: Place, text: RequestText): Promise<Bytes> {
  requireText(text);
  const fields = cborFields({ 1: text.title, 2: text.text, 3: text.owner, 4: [...text.types] });
  const sealed = await sealObject({
    key: keyOf(place),
    kind: EXEF_KIND.slot,
    context: contextOf(place),
    plaintext: encodeCbor(fields),
  });
  return sealed.bytes;
}

/** Throws IntegrityError when it was sealed for another request, key or address, or altered; FormatError. */
export async function openRequestText(place: Place, bytes: Uint8Array): Promise<RequestText> {
  const plaintext = await openObject({ key: keyOf(place), kind: EXEF_KIND.slot, context: contextOf(place), bytes });
  const fields = new CborFields(decodeCbor(plaintext), "upload request's text");
  const types = fields.array(4).map((type) => {
    if (typeof type !== "string") throw new FormatError("The upload request names a type that is no text.");
    return type;
  });
  const text = { title: fields.text(1), text: fields.text(2), owner: fields.text(3), types };
  fields.finish();
  requireText(text);
  return text;
}

function requireText({ title, text, owner, types }: RequestText): void {
  const { titleBytes, textBytes, ownerBytes, typeBytes } = REQUEST_TEXT_LIMITS;
  const tooLong = [
    [title, titleBytes],
    [text, textBytes],
    [owner, ownerBytes],
  ] as const;
  if (title.trim() === "") throw new FormatError("An upload request needs a title.", { code: "request_text" });
  for (const [value, limit] of tooLong) {
    if (value.isWellFormed() && utf8Encode(value).length <= limit) continue;
    throw new FormatError(`A text of the upload request is longer than ${limit} bytes, or is no text.`, {
      code: "request_text",
    });
  }
  const isGood = (type: string) => TYPE.test(type) && type.length <= typeBytes;
  if (types.length > REQUEST_TEXT_LIMITS.types || new Set(types).size !== types.length || !types.every(isGood))
    throw new FormatError("Types are endings of file names like jpg or pdf, at most 50.", { code: "request_text" });
}

function keyOf({ requestId, textKey }: Place): Bytes {
  return deriveKey("request/text", textKey, requestId);
}

/** 08 ‖ requestId16 ‖ keyHash32. */
function contextOf({ requestId, keyHash }: Place): Bytes {
  if (requestId.length !== 16 || keyHash.length !== 32) throw new FormatError("The upload request's id is broken.");
  return concatBytes(Uint8Array.of(CONTEXT_MARK), requestId, keyHash);
}
