import { ascii, type Bytes, be, concat, hex, zeros } from "../../foundations/bytes.ts";
import { sign } from "../../foundations/ed25519.ts";
import type { RefusalClass } from "../../foundations/refusal.ts";
import { COMMIT, type CommitFields, encodeCommit, type ObjectCount, readCommit } from "../../volume/commit.ts";
import { applyGenesis, checkOffered } from "../../volume/history.ts";
import { ROLE, readManifest } from "../../volume/manifest.ts";
import { stateRoot } from "../../volume/state-tree.ts";
import { alice, bob, keysJson, type Person, row } from "../people/people.ts";
import { type Case, fixed, type Json, overwritten, refused, type VectorFile } from "../vector-file.ts";
import {
  AFTER_GENESIS,
  AFTER_MEMBERS,
  AFTER_SPLIT,
  FIRST_COMMIT,
  GENESIS,
  GENESIS_FIELDS,
  gone,
  HIGH,
  LOW,
  MEMBERS_COMMIT,
  object,
  ordinary,
  PHOTOS,
  PLANS,
  page,
  pagesJson,
  ROOT_ID,
  SPLIT_COMMIT,
  sortedChanges,
  sortedObjects,
  TRASH_ID,
  TRUST,
} from "./commit-samples.ts";
import { accepted, refusedFollows } from "./commit-succession-vectors.ts";
import { chainsJson, firstManifest, MANIFEST_0, VOLUME_ID } from "./manifest-vectors.ts";
import { acceptedRejoins, refusedRejoins } from "./rejoin-vectors.ts";

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

export function commitVectors(): VectorFile {
  const genesis = genesisCases();
  return {
    about:
      "Commits (spec/volumes.md §5, §10). `people` are accepted identities, `chains` the identity chains that exist. In `accepted` and `refused`, `commit` is offered to a client that stands at `before` (head, its manifest, all pages). A rejoin follows `previous`; `manifests` lead from one that is trusted to the one it names, `remembered` is the head of the client that is asked.",
    people: keysJson(),
    chains: chainsJson(),
    forms: forms(),
    refusedForms: refusedForms(),
    genesis: genesis.accepted,
    refusedGenesis: genesis.refused,
    accepted: accepted(),
    refused: refusedFollows(),
    rejoins: acceptedRejoins(),
    refusedRejoins: refusedRejoins(),
    refusedOffers: offers(),
  };
}
