import { type Bytes, compare, hex } from "../../foundations/bytes.ts";
import type { RefusalClass } from "../../foundations/refusal.ts";
import { type AbandonedCommit, COMMIT, type Commit, type CommitFields, readCommit } from "../../volume/commit.ts";
import { type RejoinQuestion, type RememberedHead, type VolumeState, verifyRejoin } from "../../volume/history.ts";
import { type Manifest, readManifest } from "../../volume/manifest.ts";
import { alice, bob, carol, type Person } from "../people/people.ts";
import { type Case, fixed, type Json, refused } from "../vector-file.ts";
import { AFTER_SPLIT, INVITING, members, object, ordinary, page, ROOT_ID, step, TRUST } from "./commit-samples.ts";
import { nextManifest, without } from "./manifest-vectors.ts";

// Both branches leave from AFTER_SPLIT. What the server lost: an ordinary commit, then carol was removed. What it kept: another ordinary one.
const LOST_1 = step(AFTER_SPLIT, ordinary(AFTER_SPLIT, { changes: [page(ROOT_ID, 4)] }));
const REMOVING = readManifest(nextManifest(INVITING, without(carol), { rotate: true }));
const LOST_2 = step(LOST_1, members(LOST_1, REMOVING), REMOVING);
const KEPT = step(AFTER_SPLIT, ordinary(AFTER_SPLIT, { writer: bob, fields: { timeMs: AFTER_SPLIT.head.timeMs + 9 } }));
const REMOVING_BOB = readManifest(nextManifest(INVITING, without(bob), { rotate: true }));
const KEPT_WITHOUT_BOB = step(KEPT, members(KEPT, REMOVING_BOB), REMOVING_BOB);

const abandon = (...states: VolumeState[]): AbandonedCommit[] =>
  states
    .map(({ head }) => ({ sequence: head.sequence, hash: head.hash }))
    .sort((a, b) => a.sequence - b.sequence || compare(a.hash, b.hash));

function remember(state: VolumeState, isOnKeptBranch = false): RememberedHead {
  const { sequence, hash, manifestHash } = state.head;
  return { sequence, hash, manifestHash, isOnKeptBranch };
}

interface Rejoining {
  readonly onto?: VolumeState;
  readonly abandoned?: readonly AbandonedCommit[];
  readonly manifest?: Manifest;
  readonly writer?: Person;
  readonly signedBy?: Person;
  readonly fields?: Partial<CommitFields>;
}

function rejoin(rejoining: Rejoining = {}): { previous: Commit; commit: Bytes } {
  const { onto = KEPT, abandoned = abandon(LOST_1, LOST_2), manifest = REMOVING, writer = alice } = rejoining;
  const last = abandoned.at(-1)?.sequence ?? 0;
  const fields = {
    kind: COMMIT.rejoin,
    sequence: 1 + Math.max(onto.head.sequence, last),
    abandoned,
    manifestVersion: manifest.version,
    manifestHash: manifest.hash,
    g: manifest.g,
    ...rejoining.fields,
  };
  const signedBy = rejoining.signedBy ?? writer;
  return { previous: onto.head, commit: ordinary(onto, { writer, signedBy, fields }) };
}

interface Asked {
  readonly manifests?: readonly Manifest[];
  readonly remembered?: RememberedHead;
}

function question(made: { previous: Commit; commit: Bytes }, asked: Asked): RejoinQuestion {
  const { manifests = [INVITING, REMOVING], remembered } = asked;
  return { previous: made.previous, commit: readCommit(made.commit), manifests, ...(remembered ? { remembered } : {}) };
}

function questionJson({ previous, commit, manifests, remembered }: RejoinQuestion): { [key: string]: Json } {
  const head = remembered && {
    sequence: remembered.sequence,
    hash: hex(remembered.hash),
    manifestHash: hex(remembered.manifestHash),
    isOnKeptBranch: remembered.isOnKeptBranch,
  };
  return {
    previous: hex(previous.bytes),
    commit: hex(commit.bytes),
    manifests: manifests.map((manifest) => hex(manifest.bytes)),
    ...(head ? { remembered: head } : {}),
  };
}

export function acceptedRejoins(): Case[] {
  const make = (name: string, rejoining: Rejoining, asked: Asked = {}): Case => {
    const asking = question(rejoin(rejoining), asked);
    verifyRejoin(asking, TRUST);
    return { name, ...questionJson(asking) };
  };
  const plain = { abandoned: abandon(LOST_1), manifest: INVITING };
  return [
    make("asked by a server, which remembers nothing else", {}),
    make("the remembered head is the last abandoned one", {}, { remembered: remember(LOST_2) }),
    make("the remembered head is in the middle of the abandoned ones", {}, { remembered: remember(LOST_1) }),
    make("the remembered head is the common ancestor", {}, { remembered: remember(AFTER_SPLIT, true) }),
    make("the remembered head is the server's own", {}, { remembered: remember(KEPT, true) }),
    make("no manifest was lost", plain, { manifests: [INVITING], remembered: remember(LOST_1) }),
    make("signed by a manager", { ...plain, writer: bob }, { manifests: [INVITING], remembered: remember(LOST_1) }),
    make(
      "the kept branch has the newer manifest, and is longer than what was lost",
      { onto: KEPT_WITHOUT_BOB, abandoned: abandon(LOST_1), manifest: REMOVING_BOB },
      { manifests: [INVITING, REMOVING_BOB], remembered: remember(LOST_1) },
    ),
  ];
}

export function refusedRejoins(): Case[] {
  const make = (name: string, rejoining: Rejoining, asked: Asked = {}, refuse: RefusalClass = "succession"): Case => {
    const asking = question(rejoin(rejoining), asked);
    return refused(name, { refuse, wrong: name }, questionJson(asking), () => verifyRejoin(asking, TRUST));
  };
  const fields = (name: string, changes: Partial<CommitFields>): Case => make(name, { fields: changes });
  const both = { onto: KEPT_WITHOUT_BOB, manifest: REMOVING_BOB };
  return [
    make("nothing is abandoned", { abandoned: [] }),
    make("it abandons what it follows", { abandoned: abandon(LOST_1, KEPT) }),
    fields("an ordinary commit", { kind: COMMIT.ordinary, abandoned: [] }),
    fields("the sequence only follows the server's head", { sequence: KEPT.head.sequence + 1 }),
    fields("the sequence jumps", { sequence: LOST_2.head.sequence + 2 }),
    fields("another commit before it", { previousCommitHash: AFTER_SPLIT.head.hash }),
    fields("another volume", { volumeId: fixed("another volume", 16) }),
    fields("the time goes back", { timeMs: KEPT.head.timeMs }),
    fields("another state", { stateRoot: LOST_1.head.stateRoot }),
    fields("a page changes", { changes: [page(ROOT_ID, 4)] }),
    fields("an object is added", { added: [object("x")] }),
    fields("another g than the manifest", { g: 0 }),
    fields("another manifest version", { manifestVersion: 1 }),
    make("an older manifest than the one that was lost", { manifest: INVITING }),
    make(
      "brings a removed member back",
      { manifest: INVITING },
      { manifests: [INVITING], remembered: remember(LOST_2) },
    ),
    make("the manifests do not follow each other", {}, { manifests: [REMOVING_BOB, REMOVING] }),
    make("the manifests are of the lost branch alone", {}, { manifests: [REMOVING] }),
    make("both branches changed members", { ...both, manifest: REMOVING }, { manifests: [INVITING, REMOVING] }),
    make("no manifest", {}, { manifests: [] }),
    make("by a removed member", { writer: carol }),
    make(
      "by a manager who is no longer in the newest manifest",
      { ...both, writer: bob, abandoned: abandon(LOST_1) },
      { manifests: [INVITING, REMOVING_BOB] },
    ),
    make(
      "the remembered head is neither kept nor abandoned",
      { abandoned: abandon(LOST_2) },
      { remembered: remember(LOST_1) },
    ),
    make("signed by somebody else", { signedBy: bob }, {}, "signature"),
  ];
}
