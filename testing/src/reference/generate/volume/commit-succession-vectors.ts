import { type Bytes, concat, hex } from "../../foundations/bytes.ts";
import { sign } from "../../foundations/ed25519.ts";
import type { RefusalClass } from "../../foundations/refusal.ts";
import { type Change, type CommitFields, readCommit } from "../../volume/commit.ts";
import { applyCommit, type VolumeState } from "../../volume/history.ts";
import { type Manifest, ROLE, readManifest } from "../../volume/manifest.ts";
import { stateRoot } from "../../volume/state-tree.ts";
import { alice, bob, carol, dave, eve, row } from "../people/people.ts";
import { type Case, fixed, flipped, type Json, refused } from "../vector-file.ts";
import {
  AFTER_FIRST,
  AFTER_GENESIS,
  AFTER_MEMBERS,
  AFTER_SPLIT,
  changedPages,
  FIRST_COMMIT,
  GENESIS,
  gone,
  HIGH,
  HIGH_HIGH,
  HIGH_LOW,
  INVITING,
  LOW,
  MEMBERS_COMMIT,
  members,
  object,
  ordinary,
  PHOTOS,
  PLANS,
  page,
  pagesJson,
  ROOT_ID,
  SPLIT_COMMIT,
  sortedChanges,
  TRASH_ID,
  TRUST,
} from "./commit-samples.ts";
import { FAMILY, MANIFEST_0, nextManifest, VOLUME_ID, without } from "./manifest-vectors.ts";

function stateJson(state: VolumeState): { [key: string]: Json } {
  return { head: hex(state.head.bytes), manifest: hex(state.manifest.bytes), pages: pagesJson(state.pages) };
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

export function accepted(): Case[] {
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

export function refusedFollows(): Case[] {
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
