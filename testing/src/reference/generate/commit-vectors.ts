import { ascii, type Bytes, be, compare, concat, hex, zeros } from "../foundations/bytes.ts";
import { sign } from "../foundations/ed25519.ts";
import type { RefusalClass } from "../foundations/refusal.ts";
import {
  type Change,
  COMMIT,
  type Commit,
  type CommitFields,
  encodeCommit,
  type ObjectCount,
  readCommit,
} from "../volume/commit.ts";
import { applyCommit, applyGenesis, checkOffered, type VolumeState } from "../volume/history.ts";
import { type Manifest, ROLE, readManifest } from "../volume/manifest.ts";
import { halves, type PagePlace } from "../volume/page-place.ts";
import { type PageState, stateRoot } from "../volume/state-tree.ts";
import {
  chainExists,
  chainsJson,
  FAMILY,
  firstManifest,
  MANIFEST_0,
  nextManifest,
  VOLUME_ID,
  without,
} from "./manifest-vectors.ts";
import { alice, bob, CREATED_MS, carol, dave, eve, KEYS, keysJson, type Person, row } from "./people.ts";
import { type Case, fixed, flipped, type Json, overwritten, refused, type VectorFile } from "./vector-file.ts";

const TRUST = { keys: KEYS, chainExists };
const ROOT_ID = VOLUME_ID;
const TRASH_ID = fixed("commit trash", 16);
const WHOLE: PagePlace = { bitsLength: 0, bits: 0 };

function page(nodeId: Uint8Array, version: number, place = WHOLE): PageState {
  const name = `record ${hex(nodeId)} ${place.bitsLength} ${place.bits} ${version}`;
  return { nodeId, ...place, version, recordHash: fixed(name, 32) };
}

function gone(nodeId: Uint8Array, place = WHOLE): Change {
  return { nodeId, ...place, version: 0, recordHash: zeros(32) };
}

function object(name: string, count = 1): ObjectCount {
  return { objectId: fixed(`commit object ${name}`, 16), count };
}

function sortedObjects(...objects: ObjectCount[]): ObjectCount[] {
  return objects.sort((a, b) => compare(a.objectId, b.objectId));
}

function changeKey(change: Change): Bytes {
  return concat(change.nodeId, be(1, change.bitsLength), be(2, change.bits));
}

function sortedChanges(changes: readonly Change[]): Change[] {
  return [...changes].sort((a, b) => compare(changeKey(a), changeKey(b)));
}

/** The pages after the changes, without any check: the root a commit must name. */
function changedPages(before: readonly PageState[], changes: readonly Change[]): PageState[] {
  const keyed = new Map(before.map((one) => [hex(changeKey(one)), one]));
  for (const change of changes) {
    if (change.version === 0) keyed.delete(hex(changeKey(change)));
    else keyed.set(hex(changeKey(change)), change);
  }
  return [...keyed.values()];
}

// ── a history ────────────────────────────────────────────────────────────────────────────────────────────────────

const GENESIS_FIELDS: CommitFields = (() => {
  const changes = sortedChanges([page(ROOT_ID, 1), page(TRASH_ID, 1)]);
  return {
    volumeId: VOLUME_ID,
    sequence: 0,
    kind: COMMIT.genesis,
    previousCommitHash: zeros(32),
    timeMs: CREATED_MS,
    manifestVersion: 0,
    manifestHash: MANIFEST_0.hash,
    g: 0,
    writerFingerprint: alice.fingerprint,
    stateRoot: stateRoot(VOLUME_ID, changes),
    abandoned: [],
    changes,
    added: [],
    dropped: [],
  };
})();

interface Writing {
  readonly writer?: Person;
  readonly signedBy?: Person;
  readonly changes?: readonly Change[];
  readonly fields?: Partial<CommitFields>;
}

function ordinary(state: VolumeState, writing: Writing = {}): Bytes {
  const { writer = alice, changes = [] } = writing;
  const fields: CommitFields = {
    volumeId: state.volumeId,
    sequence: state.head.sequence + 1,
    kind: COMMIT.ordinary,
    previousCommitHash: state.head.hash,
    timeMs: state.head.timeMs + 1000,
    manifestVersion: state.manifest.version,
    manifestHash: state.manifest.hash,
    g: state.manifest.g,
    writerFingerprint: writer.fingerprint,
    stateRoot: stateRoot(state.volumeId, changedPages(state.pages, changes)),
    abandoned: [],
    changes: sortedChanges(changes),
    added: [],
    dropped: [],
    ...writing.fields,
  };
  return encodeCommit(fields, (writing.signedBy ?? writer).seed);
}

function members(state: VolumeState, manifest: Manifest, writing: Writing = {}): Bytes {
  const fields = {
    kind: COMMIT.members,
    manifestVersion: manifest.version,
    manifestHash: manifest.hash,
    g: manifest.g,
  };
  return ordinary(state, { ...writing, fields: { ...fields, ...writing.fields } });
}

function step(state: VolumeState, bytes: Bytes, manifest?: Manifest): VolumeState {
  return applyCommit(state, readCommit(bytes), TRUST, manifest);
}

const PHOTOS = fixed("commit folder photos", 16);
const PLANS = fixed("commit folder plans", 16);
const [LOW, HIGH] = halves(WHOLE);
const [HIGH_LOW, HIGH_HIGH] = halves(HIGH);

const GENESIS = encodeCommit(GENESIS_FIELDS, alice.seed);
const AFTER_GENESIS = applyGenesis(readCommit(GENESIS), MANIFEST_0, TRUST);
const FIRST_COMMIT = ordinary(AFTER_GENESIS, {
  changes: [page(ROOT_ID, 2), page(PHOTOS, 1)],
  fields: { added: sortedObjects(object("a"), object("b", 2)) },
});
const AFTER_FIRST = step(AFTER_GENESIS, FIRST_COMMIT);
const INVITING = readManifest(nextManifest(MANIFEST_0, FAMILY));
const MEMBERS_COMMIT = members(AFTER_FIRST, INVITING);
const AFTER_MEMBERS = step(AFTER_FIRST, MEMBERS_COMMIT, INVITING);
const SPLIT_COMMIT = ordinary(AFTER_MEMBERS, {
  writer: carol,
  changes: [
    gone(PHOTOS),
    page(PHOTOS, 1, LOW),
    page(PHOTOS, 1, HIGH),
    page(PLANS, 1, LOW),
    page(PLANS, 1, HIGH_LOW),
    page(PLANS, 1, HIGH_HIGH),
    page(ROOT_ID, 3),
  ],
  fields: { added: sortedObjects(object("c")), dropped: sortedObjects(object("b")) },
});
const AFTER_SPLIT = step(AFTER_MEMBERS, SPLIT_COMMIT);

// ── cases ────────────────────────────────────────────────────────────────────────────────────────────────────────

function formCase(name: string, bytes: Bytes): Case {
  const commit = readCommit(bytes);
  const counts = (objects: readonly ObjectCount[]) =>
    objects.map(({ objectId, count }) => ({ objectId: hex(objectId), count }));
  return {
    name,
    commit: hex(bytes),
    hash: hex(commit.hash),
    sequence: commit.sequence,
    kind: commit.kind,
    timeMs: commit.timeMs,
    manifestVersion: commit.manifestVersion,
    g: commit.g,
    writerFingerprint: hex(commit.writerFingerprint),
    stateRoot: hex(commit.stateRoot),
    abandoned: commit.abandoned.map(({ sequence, hash }) => ({ sequence, hash: hex(hash) })),
    changes: pagesJson(commit.changes),
    added: counts(commit.added),
    dropped: counts(commit.dropped),
  };
}

function pagesJson(pages: readonly PageState[]): Json {
  return pages.map(({ nodeId, bitsLength, bits, version, recordHash }) => ({
    nodeId: hex(nodeId),
    bitsLength,
    bits,
    version,
    recordHash: hex(recordHash),
  }));
}

function rejoinFields(): Partial<CommitFields> {
  const abandoned = [
    { sequence: 3, hash: fixed("abandoned 3", 32) },
    { sequence: 4, hash: fixed("abandoned 4", 32) },
  ];
  return { kind: COMMIT.rejoin, sequence: 5, abandoned };
}

function forms(): Case[] {
  return [
    formCase("genesis with two pages", GENESIS),
    formCase("a new folder", FIRST_COMMIT),
    formCase("members", MEMBERS_COMMIT),
    formCase("a split, and a new folder in three pages", SPLIT_COMMIT),
    formCase("rejoin", ordinary(AFTER_MEMBERS, { fields: rejoinFields() })),
    formCase("nothing changes", ordinary(AFTER_SPLIT)),
  ];
}

function refusedForms(): Case[] {
  const good = SPLIT_COMMIT;
  const make = (name: string, bytes: Bytes, refuse: RefusalClass = "malformed"): Case =>
    refused(name, { refuse, wrong: name }, { commit: hex(bytes) }, () => readCommit(bytes));
  const fields = (name: string, changes: Partial<CommitFields>): Case =>
    make(name, ordinary(AFTER_MEMBERS, { fields: changes }));
  const twoChanges = sortedChanges([page(PHOTOS, 1), page(PLANS, 1)]);
  const two = sortedObjects(object("a"), object("b"));
  const [one, other] = [object("a"), object("b")];
  return [
    make("nothing", zeros(0)),
    make("another magic", overwritten(good, 3, ascii("2"))),
    make("kind 4", overwritten(good, 28, Uint8Array.of(4)), "unsupported"),
    make("kind 255", overwritten(good, 28, Uint8Array.of(255)), "unsupported"),
    make("a byte missing", good.slice(0, -1)),
    make("a byte left over", concat(good, zeros(1))),
    make("only the fixed fields", good.slice(0, 173)),
    make("one change more than there are", overwritten(good, 177, be(4, 8))),
    make("one change less than there are", overwritten(good, 177, be(4, 6))),
    make("2^32 - 1 changes", overwritten(good, 177, be(4, 2 ** 32 - 1))),
    make("sequence 2^48", overwritten(good, 20, be(8, 2 ** 48))),
    make("sequence 2^53", overwritten(good, 20, be(8, 2n ** 53n))),
    make("a time of 2^53", overwritten(good, 61, be(8, 2n ** 53n))),
    fields("changes not sorted", { changes: [...twoChanges].reverse() }),
    fields("a page twice", { changes: [page(PHOTOS, 1), page(PHOTOS, 2)] }),
    fields("halves in the wrong order", { changes: [page(PHOTOS, 1, HIGH), page(PHOTOS, 1, LOW)] }),
    fields("a change with 17 bits", { changes: [page(PHOTOS, 1, { bitsLength: 17, bits: 0 })] }),
    fields("a change with bits below its prefix", { changes: [page(PHOTOS, 1, { bitsLength: 1, bits: 0x4000 })] }),
    fields("a page of version 2^48", { changes: [page(PHOTOS, 2 ** 48)] }),
    fields("gone, but with a hash", { changes: [{ ...gone(PHOTOS), recordHash: fixed("hash", 32) }] }),
    fields("a version, but no hash", { changes: [{ ...page(PHOTOS, 1), recordHash: zeros(32) }] }),
    fields("added not sorted", { added: [...two].reverse() }),
    fields("an object added twice", { added: [one, one] }),
    fields("an object added zero times", { added: [object("a", 0)] }),
    fields("dropped not sorted", { dropped: [...two].reverse() }),
    fields("an object dropped zero times", { dropped: [object("b", 0)] }),
    fields("an object added and dropped", { added: [other], dropped: [other] }),
    fields("an ordinary commit that abandons", { abandoned: [{ sequence: 1, hash: fixed("x", 32) }] }),
    fields("abandoned not sorted", { ...rejoinFields(), abandoned: [...(rejoinFields().abandoned ?? [])].reverse() }),
  ];
}

function stateJson(state: VolumeState): { [key: string]: Json } {
  return { head: hex(state.head.bytes), manifest: hex(state.manifest.bytes), pages: pagesJson(state.pages) };
}

function genesisCases(): { accepted: Json; refused: Json } {
  const make = (
    name: string,
    changes: Partial<CommitFields>,
    options: { refuse?: RefusalClass; signer?: Person; manifest?: Bytes } = {},
  ): Case => {
    const { refuse = "succession", signer = alice, manifest = MANIFEST_0.bytes } = options;
    const bytes = encodeCommit({ ...GENESIS_FIELDS, ...changes }, signer.seed);
    const input = { commit: hex(bytes), manifest: hex(manifest) };
    return refused(name, { refuse, wrong: name }, input, () =>
      applyGenesis(readCommit(bytes), readManifest(manifest), TRUST),
    );
  };
  const body = GENESIS.slice(0, -64);
  const mislabelled = concat(body, sign("manifest", alice.seed, body));
  const withBob = firstManifest({ rows: [row(alice, ROLE.owner), row(bob, ROLE.manager)] });
  const half = sortedChanges([page(ROOT_ID, 1, LOW), page(TRASH_ID, 1)]);
  const second = sortedChanges([page(ROOT_ID, 2), page(TRASH_ID, 1)]);
  const refusedMislabelled = refused(
    "signed under the label of a manifest",
    { refuse: "signature", wrong: "another label" },
    { commit: hex(mislabelled), manifest: hex(MANIFEST_0.bytes) },
    () => applyGenesis(readCommit(mislabelled), MANIFEST_0, TRUST),
  );
  return {
    accepted: [
      {
        name: "a home volume's genesis",
        commit: hex(GENESIS),
        manifest: hex(MANIFEST_0.bytes),
        pages: pagesJson(AFTER_GENESIS.pages),
      },
    ],
    refused: [
      make("an ordinary commit", { kind: COMMIT.ordinary }),
      make("sequence 1", { sequence: 1 }),
      make("a commit before it", { previousCommitHash: fixed("before", 32) }),
      make("manifest version 1", { manifestVersion: 1 }),
      make("generation 1", { g: 1 }),
      make("another manifest", { manifestHash: fixed("manifest", 32) }),
      make("another volume", { volumeId: fixed("volume", 16) }),
      make(
        "by a manager",
        { writerFingerprint: bob.fingerprint, manifestHash: readManifest(withBob).hash },
        { signer: bob, manifest: withBob },
      ),
      make("signed by somebody else", {}, { signer: bob, refuse: "signature" }),
      make("another state root", { stateRoot: fixed("root", 32) }),
      make("a folder that is not complete", { changes: half, stateRoot: stateRoot(VOLUME_ID, half) }),
      make("a page that begins with version 2", { changes: second, stateRoot: stateRoot(VOLUME_ID, second) }),
      make("a page goes", { changes: sortedChanges([...GENESIS_FIELDS.changes, gone(PHOTOS)]) }),
      refusedMislabelled,
    ],
  };
}

interface Follow {
  readonly state: VolumeState;
  readonly commit: Bytes;
  readonly manifest?: Bytes;
}

function followJson({ state, commit, manifest }: Follow): { [key: string]: Json } {
  return { before: stateJson(state), commit: hex(commit), ...(manifest ? { newManifest: hex(manifest) } : {}) };
}

function follow({ state, commit, manifest }: Follow): VolumeState {
  return applyCommit(state, readCommit(commit), TRUST, manifest && readManifest(manifest));
}

function accepted(): Case[] {
  const make = (name: string, case_: Follow): Case => ({
    name,
    ...followJson(case_),
    pagesAfter: pagesJson(follow(case_).pages),
  });
  const rotated = readManifest(nextManifest(INVITING, without(carol), { rotate: true, signer: bob }));
  const plans = [page(PLANS, 1, LOW), page(PLANS, 1, HIGH_LOW), page(PLANS, 1, HIGH_HIGH)];
  return [
    make("a new folder", { state: AFTER_GENESIS, commit: FIRST_COMMIT }),
    make("members invited", { state: AFTER_FIRST, commit: MEMBERS_COMMIT, manifest: INVITING.bytes }),
    make("a page splits; a new folder of three pages", { state: AFTER_MEMBERS, commit: SPLIT_COMMIT }),
    make("a folder goes", {
      state: AFTER_SPLIT,
      commit: ordinary(AFTER_SPLIT, { changes: plans.map((one) => gone(one.nodeId, one)) }),
    }),
    make("a page splits twice at once", {
      state: AFTER_MEMBERS,
      commit: ordinary(AFTER_MEMBERS, {
        changes: [gone(PHOTOS), page(PHOTOS, 1, LOW), page(PHOTOS, 1, HIGH_LOW), page(PHOTOS, 1, HIGH_HIGH)],
      }),
    }),
    make("one page of a split folder changes", {
      state: AFTER_SPLIT,
      commit: ordinary(AFTER_SPLIT, { writer: bob, changes: [page(PLANS, 2, HIGH_LOW)] }),
    }),
    make("nothing changes", { state: AFTER_SPLIT, commit: ordinary(AFTER_SPLIT) }),
    make("one millisecond later", {
      state: AFTER_SPLIT,
      commit: ordinary(AFTER_SPLIT, { fields: { timeMs: AFTER_SPLIT.head.timeMs + 1 } }),
    }),
    make("a manager removes an editor", {
      state: AFTER_SPLIT,
      commit: members(AFTER_SPLIT, rotated, { writer: bob }),
      manifest: rotated.bytes,
    }),
  ];
}

function refusedFollows(): Case[] {
  const state = AFTER_SPLIT;
  const make = (name: string, commit: Bytes, refuse: RefusalClass = "succession", manifest?: Bytes): Case => {
    const case_ = { state, commit, ...(manifest ? { manifest } : {}) };
    return refused(name, { refuse, wrong: name }, followJson(case_), () => follow(case_));
  };
  const fields = (name: string, changes: Partial<CommitFields>): Case =>
    make(name, ordinary(state, { fields: changes }));
  const changes = (name: string, ...list: Change[]): Case => make(name, ordinary(state, { changes: list }));
  const good = ordinary(state, { changes: [page(ROOT_ID, 4)] });
  const body = good.slice(0, -64);
  const { head } = state;
  return [
    make("the same commit again", head.bytes),
    make("an older commit", FIRST_COMMIT),
    make("a second genesis", GENESIS),
    fields("another volume", { volumeId: fixed("volume", 16) }),
    fields("the sequence stays", { sequence: head.sequence }),
    fields("the sequence jumps", { sequence: head.sequence + 2 }),
    fields("another commit before it", { previousCommitHash: fixed("before", 32) }),
    fields("the time stays", { timeMs: head.timeMs }),
    fields("the time goes back", { timeMs: head.timeMs - 1 }),
    fields("another manifest version", { manifestVersion: 2 }),
    fields("another manifest", { manifestHash: MANIFEST_0.hash }),
    fields("another generation", { g: 1 }),
    fields("another state root", { stateRoot: fixed("root", 32) }),
    make("by a viewer", ordinary(state, { writer: dave })),
    make("by a stranger", ordinary(state, { writer: eve })),
    make("signed by a viewer in an editor's name", ordinary(state, { writer: carol, signedBy: dave }), "signature"),
    make("a bit of the signature flipped", flipped(good, -1), "signature"),
    make("a bit of the time flipped", flipped(good, 68), "signature"),
    make("signed under the label of a manifest", concat(body, sign("manifest", alice.seed, body)), "signature"),
    changes("a page goes that was not there", gone(fixed("nowhere", 16))),
    changes("a page's version stays", page(ROOT_ID, 3)),
    changes("a page's version jumps", page(ROOT_ID, 5)),
    changes("a new page begins with version 2", page(fixed("new folder", 16), 2)),
    changes("half of a folder goes", gone(PHOTOS, LOW)),
    changes("a half appears beside the whole", page(ROOT_ID, 1, LOW)),
    changes("a new folder with a gap", page(fixed("new folder", 16), 1, LOW)),
    changes("a page splits, but only one half appears", gone(PHOTOS, HIGH), page(PHOTOS, 1, HIGH_LOW)),
    changes("two halves become one page again", gone(PHOTOS, LOW), gone(PHOTOS, HIGH), page(PHOTOS, 1)),
    changes(
      "a half and a quarter are merged while another quarter splits",
      gone(PLANS, HIGH_LOW),
      gone(PLANS, HIGH_HIGH),
      page(PLANS, 1, HIGH),
    ),
    changes("a page splits, but does not go", page(PHOTOS, 1, HIGH_LOW), page(PHOTOS, 1, HIGH_HIGH)),
    ...refusedListings(),
    ...refusedMembers(),
  ];
}

/** The state root is right, but the list is not the difference between the two trees. */
function refusedListings(): Case[] {
  const state = AFTER_SPLIT;
  const after = changedPages(state.pages, [page(ROOT_ID, 4), page(TRASH_ID, 2)]);
  const make = (name: string, list: readonly Change[]): Case => {
    const commit = ordinary(state, {
      fields: { changes: sortedChanges(list), stateRoot: stateRoot(VOLUME_ID, after) },
    });
    return refused(name, { refuse: "succession", wrong: name }, followJson({ state, commit }), () =>
      follow({ state, commit }),
    );
  };
  return [
    make("a change that is not listed", [page(ROOT_ID, 4)]),
    make("no change is listed", []),
    make("a change listed with another hash", [
      page(ROOT_ID, 4),
      { ...page(TRASH_ID, 2), recordHash: fixed("other", 32) },
    ]),
    make("a change too many", [page(ROOT_ID, 4), page(TRASH_ID, 2), page(PLANS, 2, LOW)]),
  ];
}

function refusedMembers(): Case[] {
  const state = AFTER_SPLIT;
  const manifest = readManifest(nextManifest(INVITING, [...FAMILY, row(eve, ROLE.viewer)]));
  const byBob = readManifest(nextManifest(INVITING, [...FAMILY, row(eve, ROLE.viewer)], { signer: bob }));
  const unrotated = readManifest(nextManifest(INVITING, without(carol)));
  const make = (
    name: string,
    commit: Bytes,
    brought: Manifest | undefined,
    refuse: RefusalClass = "succession",
  ): Case => {
    const case_ = { state, commit, ...(brought ? { manifest: brought.bytes } : {}) };
    return refused(name, { refuse, wrong: name }, followJson(case_), () => follow(case_));
  };
  const fields = (name: string, changes: Partial<CommitFields>): Case =>
    make(name, members(state, manifest, { fields: changes }), manifest);
  const changed = changedPages(state.pages, [page(ROOT_ID, 4)]);
  return [
    make("members without a manifest", members(state, manifest), undefined),
    make("an ordinary commit with a manifest", ordinary(state), manifest),
    make("members by another writer than the signer", members(state, manifest, { writer: bob }), manifest),
    make("members by an editor", members(state, byBob, { writer: carol }), byBob),
    make("members with another manifest than it names", members(state, manifest), byBob),
    fields("members under the old version", { manifestVersion: 1 }),
    fields("members with another g than the manifest", { g: 1 }),
    fields("members that change a page", { changes: [page(ROOT_ID, 4)], stateRoot: stateRoot(VOLUME_ID, changed) }),
    fields("members that add an object", { added: [object("x")] }),
    fields("members that drop an object", { dropped: [object("x")] }),
    fields("members with another state", { stateRoot: fixed("root", 32) }),
    make("members removed without a new key", members(state, unrotated), unrotated),
    make("members signed by somebody else", members(state, manifest, { signedBy: bob }), manifest, "signature"),
  ];
}

function offers(): Json {
  const at = (sequence: number, name: string) => ({ sequence, hash: fixed(name, 32) });
  const remembered = at(7, "head seven");
  const json = ({ sequence, hash }: { sequence: number; hash: Bytes }) => ({ sequence, hash: hex(hash) });
  const make = (name: string, refuse: RefusalClass, offered: { sequence: number; hash: Bytes }): Case =>
    refused(name, { refuse, wrong: name }, { remembered: json(remembered), offered: json(offered) }, () =>
      checkOffered(remembered, offered),
    );
  checkOffered(remembered, remembered);
  checkOffered(remembered, at(8, "head eight"));
  return [
    make("an older head", "rollback", at(6, "head six")),
    make("the genesis again", "rollback", at(0, "head zero")),
    make("another head of the same sequence", "fork", at(7, "another head seven")),
  ];
}

/** For the state vectors: real page lists. */
export const SMALL_STATE: readonly PageState[] = AFTER_SPLIT.pages;
export const HEAD: Commit = AFTER_SPLIT.head;

export function commitVectors(): VectorFile {
  const genesis = genesisCases();
  return {
    about:
      "Commits (spec/volumes.md §5, §10). `people` are accepted identities, `chains` the identity chains that exist. In `accepted` and `refused`, `commit` is offered to a client that stands at `before` (head, its manifest, all pages).",
    people: keysJson(),
    chains: chainsJson(),
    forms: forms(),
    refusedForms: refusedForms(),
    genesis: genesis.accepted,
    refusedGenesis: genesis.refused,
    accepted: accepted(),
    refused: refusedFollows(),
    refusedOffers: offers(),
  };
}
