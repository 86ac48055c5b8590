/**
 * [Note: The catalogue of attacks]
 * What a hostile server, network or member may try, row by row. A test that plays a row begins its name with the row's
 * id ("A1 …", or "C1, C2 …" if it plays several), and `rows.test.ts` fails if a row that is said to be tested has none,
 * or if a test names a row that is not here. Rows whose feature does not exist say which feature they wait for; rows of
 * which only a part can be played today say what is left. docs/threat-model.md shows this table.
 */

/** What a row waits for. */
export type Waiting =
  | "links"
  | "upload requests"
  | "rotation after a leak"
  | "device approval"
  | "passkeys"
  | "web client";

export interface Row {
  /** What is tried, and against what. */
  readonly attack: string;
  /** Nothing of it can be played before this exists. */
  readonly waitsFor?: Waiting;
  /** What of it cannot be played yet. */
  readonly left?: string;
}

export const GROUPS: Readonly<Record<string, string>> = {
  A: "Keys and key material",
  B: "Sign-in and sessions",
  C: "Contents of files",
  D: "Names, tree and metadata",
  E: "Sharing, links and revocation",
  F: "Recovery, devices and passkeys",
  G: "Errors, clocks and refusals",
  H: "Web client and malicious contents",
};

export const ROWS: Readonly<Record<string, Row>> = {
  A1: { attack: "another account key in the slot: of the server, of another person, time or kind" },
  A3: { attack: "a volume key that the server slips in, sealed to the victim by somebody who may not" },
  A4: { attack: "another person's public keys, at first contact, later or by a forged chain" },
  A5: { attack: "a record of one kind in the place of every other kind" },
  A6: { attack: "one key for two purposes: labels that are equal or begin each other" },
  A7: { attack: "weak keys: all zero, of small order, out of range" },
  A8: { attack: "a recovery or group key that the server asks the client to seal for" },
  A9: { attack: "a rotation of keys at the server's wish" },
  A10: { attack: "one ciphertext that opens under two keys" },
  A11: { attack: "a key and an IV used twice, also after a crash" },
  A12: { attack: "weak randomness, or randomness from the server" },
  B1: { attack: "costs, groups or versions of the password's stretching chosen by the server" },
  B3: { attack: "guessing passwords with a copy of the database" },
  B4: { attack: "guessing passwords with database and secrets, at less than the full cost" },
  B5: { attack: "finding out which names exist" },
  B6: { attack: "a server with another key, other people's records, or altered answers at sign-in" },
  B7: { attack: "answers and proofs of a sign-in used again" },
  B8: { attack: "guessing passwords at the server" },
  B9: { attack: "a session stolen, or a signed request bent to another purpose" },
  B10: { attack: "a signed request sent again" },
  B11: { attack: "slots or keyrings handed out before the proof" },
  B12: {
    attack: "an old password that opens after it was replaced",
    left: "keys that rotate after a leak are open: rotation after a leak",
  },
  B13: { attack: "an operator who resets a password", left: "what others see of it comes with new identities" },
  B14: { attack: "secrets in logs, errors, addresses and requests" },
  B15: { attack: "names and passwords that look alike or are typed in another Unicode form" },
  C1: { attack: "segments in another order" },
  C2: { attack: "segments left out, doubled or appended" },
  C3: { attack: "a file cut off, at every boundary and beside it" },
  C4: { attack: "segments of another file, or of another version of this one" },
  C5: { attack: "bits flipped, in headers and segments" },
  C6: { attack: "bytes released before they were verified" },
  C7: { attack: "lengths that lie: in headers, tables and announcements" },
  C10: { attack: "another version, suite or kind of encryption" },
  C11: { attack: "an upload of which the server says that it has what it does not have" },
  C12: { attack: "what compression before encryption would show" },
  C13: { attack: "finding out that two files are equal" },
  D1: { attack: "names and listings that change places" },
  D2: { attack: "what the server can see of a folder, changed" },
  D3: { attack: "files and folders that nobody who may has put there" },
  D6: { attack: "the whole server, a volume or a keyring set back" },
  D7: { attack: "two histories for two devices" },
  D8: { attack: "deleted files that come back, and files that are hidden" },
  D10: { attack: "names that lead elsewhere, mean something to a system, or to a terminal" },
  D11: { attack: "a second file under a name that is taken" },
  D12: { attack: "changes lost between writers, or said to be taken" },
  D13: { attack: "what sizes and lengths tell" },
  D14: { attack: "reading names, types and contents at the server" },
  D15: { attack: "thumbnails that change places" },
  E1: { attack: "a link's secret in a request" },
  E2: { attack: "a link's secret in history, referrer or a new window" },
  E3: { attack: "finding out which links exist and in which state they are" },
  E4: { attack: "guessing a link's password" },
  E5: { attack: "another volume under a link" },
  E6: { attack: "somebody who was removed and reads on" },
  E8: { attack: "somebody whom the server puts back, or gives another role" },
  E9: { attack: "a reader who writes, with the server's help" },
  E11: { attack: "different keys for different members" },
  E12: { attack: "members that only the server names" },
  E13: { attack: "another key for an upload request, uploads that nobody asked for" },
  E14: { attack: "an invitation claimed by somebody else" },
  E15: { attack: "a share that takes the place of one's own folder" },
  F1: { attack: "another device's key at an approval", waitsFor: "device approval" },
  F2: { attack: "a device that nobody holds in their hands", waitsFor: "device approval" },
  F3: { attack: "recovery words that are wrong, and an oracle for them" },
  F4: {
    attack: "sessions that go on after a recovery",
    left: "an account key that rotates is open: rotation after a leak",
  },
  F5: { attack: "parameters of a passkey chosen by the server", waitsFor: "passkeys" },
  F6: { attack: "a lost device that opens on", waitsFor: "device approval" },
  F7: { attack: "what a locked device still shows" },
  G1: { attack: "errors that tell the server what the client found out" },
  G2: { attack: "what belongs to somebody else, on every route" },
  G3: { attack: "overwriting, traversal, injection, origins" },
  G5: { attack: "clocks that are wrong by years" },
  G6: { attack: "refusals, silence and endless answers, taken for deletions or kept waiting for" },
  H1: { attack: "script in names, types and contents" },
  H2: { attack: "previews of contents that are something else" },
  H3: { attack: "script of others: the content policy" },
  H4: { attack: "the service worker's downloads and streams" },
  H5: { attack: "a supply chain that runs code", left: "comparing what a server serves comes with the web client" },
  H6: { attack: "frames, openers and messages of other pages" },
  H7: { attack: "a page without WebCrypto" },
};

/** The table that docs/threat-model.md shows. */
export function rowsTable(): string {
  const lines = ["| row | what is tried | state |", "|---|---|---|"];
  for (const [group, title] of Object.entries(GROUPS)) {
    lines.push(`| **${group}** | **${title}** | |`);
    for (const [id, row] of Object.entries(ROWS)) {
      if (id.startsWith(group)) lines.push(`| ${id} | ${row.attack} | ${stateOf(row)} |`);
    }
  }
  return lines.join("\n");
}

function stateOf({ waitsFor, left }: Row): string {
  if (waitsFor !== undefined) return `open: ${waitsFor}`;
  return left === undefined ? "tested" : `tested; ${left}`;
}
