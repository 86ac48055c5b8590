import { ascii, type Bytes, be, compare, concat, hex, zeros } from "../../foundations/bytes.ts";
import { sign } from "../../foundations/ed25519.ts";
import type { RefusalClass } from "../../foundations/refusal.ts";
import {
  type ChainExists,
  encodeManifest,
  type Manifest,
  type ManifestFields,
  type MemberRow,
  ROLE,
  readManifest,
  verifyFirstManifest,
  verifyNextManifest,
  vkCommitmentOf,
  volumeIdOf,
} from "../../volume/manifest.ts";
import {
  alice,
  bob,
  bobAgain,
  CREATED_MS,
  carol,
  carolAgain,
  dave,
  eve,
  KEYS,
  keysJson,
  type Person,
  row,
} from "../people/people.ts";
import { type Case, fixed, flipped, type Json, overwritten, refused, type VectorFile } from "../vector-file.ts";

export const NONCE = fixed("volume nonce", 32);
export const VOLUME_ID = volumeIdOf(alice.fingerprint, NONCE);

export function vkOf(g: number): Bytes {
  return fixed(`volume key of generation ${g}`, 32);
}

function sorted(rows: readonly MemberRow[]): MemberRow[] {
  return [...rows].sort((a, b) => compare(a.subjectId, b.subjectId));
}

const LINK: MemberRow = {
  subjectId: fixed("a link's id", 16),
  fingerprint: fixed("a link's fingerprint", 32),
  role: ROLE.linkViewer,
  addedMs: CREATED_MS,
};

const FIRST_FIELDS: ManifestFields = {
  volumeId: VOLUME_ID,
  version: 0,
  previousManifestHash: zeros(32),
  nonce: NONCE,
  g: 0,
  vkCommitment: vkCommitmentOf(VOLUME_ID, 0, vkOf(0)),
  ownerFingerprint: alice.fingerprint,
  signerFingerprint: alice.fingerprint,
  rows: [row(alice, ROLE.owner)],
};

export function firstManifest(changes: Partial<ManifestFields> = {}, signer: Person = alice): Bytes {
  const fields = { ...FIRST_FIELDS, ...changes };
  return encodeManifest({ ...fields, rows: sorted(fields.rows) }, signer.seed);
}

/** The manifest after `before` with the given rows; a new volume key if `rotate`. */
export function nextManifest(
  before: Manifest,
  rows: readonly MemberRow[],
  options: { rotate?: boolean; signer?: Person; signedBy?: Person; changes?: Partial<ManifestFields> } = {},
): Bytes {
  const { rotate = false, signer = alice } = options;
  const g = before.g + (rotate ? 1 : 0);
  const owner = rows.find((one) => one.role === ROLE.owner);
  const fields = {
    volumeId: before.volumeId,
    version: before.version + 1,
    previousManifestHash: before.hash,
    nonce: zeros(32),
    g,
    vkCommitment: vkCommitmentOf(before.volumeId, g, vkOf(g)),
    ownerFingerprint: owner?.fingerprint ?? before.ownerFingerprint,
    signerFingerprint: signer.fingerprint,
    rows: sorted(rows),
    ...options.changes,
  };
  return encodeManifest(fields, (options.signedBy ?? signer).seed);
}

/** Everybody's place after alice has invited bob, carol and dave, and made a link. */
export const FAMILY: readonly MemberRow[] = [
  row(alice, ROLE.owner),
  row(bob, ROLE.manager),
  row(carol, ROLE.editor),
  row(dave, ROLE.viewer),
  LINK,
];
export const MANIFEST_0 = readManifest(firstManifest());
export const MANIFEST_1 = readManifest(nextManifest(MANIFEST_0, FAMILY));

export function without(...people: readonly Person[]): MemberRow[] {
  return FAMILY.filter((one) => !people.some((person) => person.userId === one.subjectId));
}

export function replaced(person: Person, changes: Partial<MemberRow>): MemberRow[] {
  return FAMILY.map((one) => (one.subjectId === person.userId ? { ...one, ...changes } : one));
}

/** In the vectors, carol and bob have replaced their keys by a chain; nobody else has. */
const CHAINED = [
  [carol, carolAgain],
  [bob, bobAgain],
] as const;
export const chainExists: ChainExists = (_subject, from, to) =>
  CHAINED.some(([old, now]) => compare(old.fingerprint, from) === 0 && compare(now.fingerprint, to) === 0);

export function chainsJson(): Json {
  return CHAINED.map(([old, now]) => ({ from: hex(old.fingerprint), to: hex(now.fingerprint) }));
}

function formCase(name: string, bytes: Bytes): Case {
  const manifest = readManifest(bytes);
  return {
    name,
    manifest: hex(bytes),
    hash: hex(manifest.hash),
    volumeId: hex(manifest.volumeId),
    version: manifest.version,
    g: manifest.g,
    ownerFingerprint: hex(manifest.ownerFingerprint),
    signerFingerprint: hex(manifest.signerFingerprint),
    rows: manifest.rows.map(({ subjectId, fingerprint, role, addedMs }) => ({
      subjectId: hex(subjectId),
      fingerprint: hex(fingerprint),
      role,
      addedMs,
    })),
  };
}

function refusedForms(): Case[] {
  const good = MANIFEST_1.bytes;
  const make = (name: string, bytes: Bytes, refuse: RefusalClass = "malformed"): Case =>
    refused(name, { refuse, wrong: name }, { manifest: hex(bytes) }, () => readManifest(bytes));
  const rows = (name: string, list: readonly MemberRow[], unsorted = false): Case =>
    make(name, nextManifest(MANIFEST_0, list, unsorted ? { changes: { rows: list } } : {}));
  const first = (name: string, changes: Partial<ManifestFields>): Case => make(name, firstManifest(changes));
  const backwards = [...sorted(FAMILY)].reverse();
  return [
    make("nothing", zeros(0)),
    make("another magic", overwritten(good, 3, ascii("2"))),
    make("a byte missing", good.slice(0, -1)),
    make("a byte left over", concat(good, zeros(1))),
    make("one row more than there are", overwritten(good, 188, be(4, 6))),
    make("one row less than there are", overwritten(good, 188, be(4, 4))),
    make("2^32 - 1 rows", overwritten(good, 188, be(4, 2 ** 32 - 1))),
    rows("rows not sorted", backwards, true),
    rows("a subject twice", [...FAMILY, { ...row(carol, ROLE.viewer), fingerprint: eve.fingerprint }]),
    rows("a fingerprint twice", [...FAMILY, { ...row(eve, ROLE.viewer), fingerprint: carol.fingerprint }]),
    rows("role 0", replaced(carol, { role: 0 })),
    rows("role 5", replaced(carol, { role: 5 })),
    rows("role 15", replaced(carol, { role: 15 })),
    rows("role 18", replaced(carol, { role: 18 })),
    rows("no owner", replaced(alice, { role: ROLE.manager })),
    rows("two owners", replaced(bob, { role: ROLE.owner })),
    make(
      "the owner's row has another fingerprint",
      nextManifest(MANIFEST_0, FAMILY, { changes: { ownerFingerprint: bob.fingerprint } }),
    ),
    make("no row at all", nextManifest(MANIFEST_0, [])),
    make("a generation above the version", nextManifest(MANIFEST_0, FAMILY, { changes: { g: 2 } })),
    make("a later version with a nonce", nextManifest(MANIFEST_0, FAMILY, { changes: { nonce: NONCE } })),
    rows(
      "an addedMs of 2^53",
      FAMILY.map((one) => ({ ...one, addedMs: 2 ** 53 })),
    ),
    first("version 0 with a manifest before it", { previousManifestHash: fixed("before", 32) }),
    first("version 0 of generation 1", { g: 1 }),
    first("version 0 with another nonce than its volumeId", { nonce: fixed("another nonce", 32) }),
    first("version 0 with another volumeId", { volumeId: fixed("another volume", 16) }),
    make(
      "version 0 signed by somebody else than the owner",
      firstManifest(
        { rows: [row(alice, ROLE.owner), row(bob, ROLE.manager)], signerFingerprint: bob.fingerprint },
        bob,
      ),
    ),
  ];
}

function refusedFirsts(): Case[] {
  const body = MANIFEST_0.bytes.slice(0, -64);
  const make = (name: string, refuse: RefusalClass, bytes: Bytes): Case =>
    refused(name, { refuse, wrong: name }, { manifest: hex(bytes) }, () =>
      verifyFirstManifest(readManifest(bytes), KEYS),
    );
  return [
    make("a bit of the signature flipped", "signature", flipped(MANIFEST_0.bytes, -1)),
    make("signed by somebody else's key", "signature", firstManifest({}, bob)),
    make("signed under the label of a commit", "signature", concat(body, sign("commit", alice.seed, body))),
    make("version 1", "succession", MANIFEST_1.bytes),
  ];
}

interface Step {
  readonly before: Manifest;
  readonly next: Bytes;
}

function step(rows: readonly MemberRow[], options: Parameters<typeof nextManifest>[2] = {}): Step {
  return { before: MANIFEST_1, next: nextManifest(MANIFEST_1, rows, options) };
}

function stepJson({ before, next }: Step): { [key: string]: Json } {
  return { before: hex(before.bytes), next: hex(next) };
}

function acceptedSteps(): Case[] {
  const make = (name: string, made: Step): Case => {
    verifyNextManifest(made.before, readManifest(made.next), KEYS, chainExists);
    return { name, ...stepJson(made) };
  };
  const byBob = { signer: bob };
  const handedOver = replaced(alice, { role: ROLE.manager }).map((one) =>
    one.subjectId === bob.userId ? { ...one, role: ROLE.owner } : one,
  );
  return [
    make("the owner invites four", { before: MANIFEST_0, next: MANIFEST_1.bytes }),
    make("the owner removes an editor, with a new key", step(without(carol), { rotate: true })),
    make("the owner removes a manager, with a new key", step(without(bob), { rotate: true })),
    make("the owner makes an editor a manager", step(replaced(carol, { role: ROLE.manager }))),
    make("the owner makes a manager a viewer", step(replaced(bob, { role: ROLE.viewer }))),
    make("a new key and nothing else", step(FAMILY, { rotate: true })),
    make("nothing changes but the version", step(FAMILY)),
    make("a manager invites a viewer", step([...FAMILY, row(eve, ROLE.viewer)], byBob)),
    make("a manager makes a viewer an editor", step(replaced(dave, { role: ROLE.editor }), byBob)),
    make("a manager removes an editor, with a new key", step(without(carol), { ...byBob, rotate: true })),
    make(
      "a manager removes a link, with a new key",
      step(
        FAMILY.filter((one) => one !== LINK),
        { ...byBob, rotate: true },
      ),
    ),
    make(
      "a manager lets a link write",
      step(
        FAMILY.map((one) => (one === LINK ? { ...one, role: ROLE.linkEditor } : one)),
        byBob,
      ),
    ),
    make(
      "the owner takes over an editor's new identity, with a new key",
      step(replaced(carol, { fingerprint: carolAgain.fingerprint }), { rotate: true }),
    ),
    make("the owner hands over to a manager", step(handedOver)),
    make(
      "the owner hands over and leaves, with a new key",
      step(
        handedOver.filter((one) => one.subjectId !== alice.userId),
        { rotate: true },
      ),
    ),
  ];
}

function refusedSteps(): Case[] {
  const make = (name: string, made: Step, refuse: RefusalClass = "succession"): Case =>
    refused(name, { refuse, wrong: name }, stepJson(made), () =>
      verifyNextManifest(made.before, readManifest(made.next), KEYS, chainExists),
    );
  const changes = (name: string, fields: Partial<ManifestFields>): Case =>
    make(name, step(FAMILY, { changes: fields }));
  const byBob = { signer: bob };
  const invited = [...FAMILY, row(eve, ROLE.editor)];
  const otherVolume = volumeIdOf(alice.fingerprint, fixed("another nonce", 32));
  const asOwner = (person: Person) =>
    replaced(alice, { role: ROLE.manager }).map((one) =>
      one.subjectId === person.userId ? { ...one, role: ROLE.owner } : one,
    );
  return [
    changes("another volume", { volumeId: otherVolume }),
    changes("the version stays", { version: 1 }),
    changes("the version jumps", { version: 3 }),
    changes("another manifest before it", { previousManifestHash: MANIFEST_0.hash }),
    changes("g jumps by two", { g: 2 + MANIFEST_1.g, version: 2, vkCommitment: vkCommitmentOf(VOLUME_ID, 2, vkOf(2)) }),
    changes("another commitment under the same g", { vkCommitment: fixed("commitment", 32) }),
    changes("another g with the same commitment", { g: 1 }),
    make("g goes back", goingBack()),
    make("signed by an editor", step(invited, { signer: carol })),
    make("signed by a viewer", step(invited, { signer: dave })),
    make("signed by a stranger", step(invited, { signer: eve })),
    make("signed by a newcomer who is in it only now", step([...FAMILY, row(eve, ROLE.manager)], { signer: eve })),
    make("signed by a stranger in the owner's name", step(invited, { signedBy: eve }), "signature"),
    make("a bit of the signature flipped", { before: MANIFEST_1, next: flipped(step(invited).next, -1) }, "signature"),
    make("an editor removed without a new key", step(without(carol))),
    make("a link removed without a new key", step(FAMILY.filter((one) => one !== LINK))),
    make("a new identity without a new key", step(replaced(carol, { fingerprint: carolAgain.fingerprint }))),
    make("a new identity without a chain", step(replaced(carol, { fingerprint: eve.fingerprint }), { rotate: true })),
    make(
      "a link's key changes",
      step(
        FAMILY.map((one) => (one === LINK ? { ...one, fingerprint: fixed("another link", 32) } : one)),
        { rotate: true },
      ),
    ),
    make("a link becomes a person", step(FAMILY.map((one) => (one === LINK ? { ...one, role: ROLE.viewer } : one)))),
    make("a person becomes a link", step(replaced(dave, { role: ROLE.linkViewer }))),
    make("a manager makes somebody a manager", step(replaced(carol, { role: ROLE.manager }), byBob)),
    make("a manager invites a manager", step([...FAMILY, row(eve, ROLE.manager)], byBob)),
    make("a manager steps down", step(replaced(bob, { role: ROLE.editor }), byBob)),
    make("a manager leaves", step(without(bob), { ...byBob, rotate: true })),
    make("a manager makes himself the owner", step(asOwner(bob), byBob)),
    make("a manager makes an editor the owner", step(asOwner(carol), byBob)),
    make("a manager changes the owner's row", step(replaced(alice, { addedMs: 1 }), byBob)),
    make(
      "a manager replaces an editor's key, with a chain",
      step(replaced(carol, { fingerprint: carolAgain.fingerprint }), { ...byBob, rotate: true }),
    ),
    make(
      "a manager replaces his own key, with a chain",
      step(replaced(bob, { fingerprint: bobAgain.fingerprint }), { ...byBob, rotate: true }),
    ),
    make(
      "the new key signs its own arrival",
      step(replaced(bob, { fingerprint: bobAgain.fingerprint }), { signer: bobAgain, rotate: true }),
    ),
  ];
}

/** g falls from 1 to 0. */
function goingBack(): Step {
  const rotated = readManifest(nextManifest(MANIFEST_1, FAMILY, { rotate: true }));
  const changes = { g: 0, vkCommitment: vkCommitmentOf(VOLUME_ID, 0, vkOf(0)) };
  return { before: rotated, next: nextManifest(rotated, FAMILY, { changes }) };
}

export function manifestVectors(): VectorFile {
  return {
    about:
      "Manifests (spec/volumes.md §8). `people` are accepted identities, `chains` the identity chains that exist. In `accepted` and `refused`, `next` follows `before`.",
    people: keysJson(),
    chains: chainsJson(),
    forms: [formCase("version 0", MANIFEST_0.bytes), formCase("version 1 with five members", MANIFEST_1.bytes)],
    refusedForms: refusedForms(),
    refusedFirsts: refusedFirsts(),
    accepted: acceptedSteps(),
    refused: refusedSteps(),
  };
}
