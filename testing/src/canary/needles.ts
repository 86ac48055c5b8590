/** One way in which a text may have been written down. */
export interface Needle {
  readonly encoding: string;
  readonly bytes: Buffer;
}

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes).swap16();
}

/**
 * The digits of Base64 that depend on nothing but the text, for each of the three places it may have among other bytes:
 * `shift` unknown bytes before it, anything after it.
 */
function base64Core(bytes: Buffer, shift: number, alphabet: "base64" | "base64url"): Buffer {
  const digits = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString(alphabet)
    .replaceAll("=", "");
  const first = Math.ceil((shift * 8) / 6);
  const end = Math.floor(((shift + bytes.length) * 8) / 6);
  return Buffer.from(digits.slice(first, end));
}

function percentEncoded(bytes: Buffer, digitCase: "upper" | "lower"): string {
  const all = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  return digitCase === "upper" ? all.toUpperCase() : all;
}

/** JSON with everything beyond ASCII escaped. */
function jsonEscaped(text: string): string {
  return text.replaceAll(/[^\u0000-\u007f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** What bytes look like when a program writes them down. */
function spellingsOfBytes(bytes: Buffer): [encoding: string, bytes: Buffer][] {
  const hex = bytes.toString("hex");
  const alphabets = ["base64", "base64url"] as const;
  return [
    ["as it is", bytes],
    ["hex", Buffer.from(hex)],
    ["HEX", Buffer.from(hex.toUpperCase())],
    ...alphabets.flatMap((alphabet) =>
      [0, 1, 2].map((shift) => [`${alphabet}+${shift}`, base64Core(bytes, shift, alphabet)] as [string, Buffer]),
    ),
    ["percent, every byte", Buffer.from(percentEncoded(bytes, "upper"))],
    ["percent, every byte, lower case", Buffer.from(percentEncoded(bytes, "lower"))],
    ["decimal, as JSON writes arrays", Buffer.from([...bytes].join(","))],
    ["backwards", Buffer.from(bytes).reverse()],
  ];
}

function spellingsOfText(text: string): [encoding: string, bytes: Buffer][] {
  const utf16 = Buffer.from(text, "utf16le");
  return [
    ...spellingsOfBytes(Buffer.from(text)),
    ["utf-16le", utf16],
    ["utf-16be", swapped(utf16)],
    ["utf-16le in hex", Buffer.from(utf16.toString("hex"))],
    ["percent, as addresses have it", Buffer.from(encodeURIComponent(text))],
    ["json escapes", Buffer.from(jsonEscaped(text))],
  ];
}

function variantsOf(text: string): Set<string> {
  const cases = [text, text.toLowerCase(), text.toUpperCase()];
  return new Set(cases.flatMap((variant) => [variant.normalize("NFC"), variant.normalize("NFD")]));
}

/** Every spelling that a search has to look for; a text also in lower and upper case and in either Unicode form. */
export function needlesOf(marker: string | Uint8Array): Needle[] {
  const spellings =
    typeof marker === "string"
      ? [...variantsOf(marker)].flatMap(spellingsOfText)
      : spellingsOfBytes(Buffer.from(marker));
  const needles = new Map<string, Needle>();
  for (const [encoding, bytes] of spellings) needles.set(bytes.toString("latin1"), { encoding, bytes });
  return [...needles.values()];
}
