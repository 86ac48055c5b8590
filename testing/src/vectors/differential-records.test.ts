/** Fast and slow implementation, side by side on records that nobody thought of: their forms, then what may follow what. */

import { parseExefHeader, readBatch, verifyRange } from "@excalibur/core/exef/public";
import { openObject } from "@excalibur/core/exef/secret";
import { parseEnvelope, verifyIdentityChain } from "@excalibur/core/identity";
import {
  decodeCommit,
  decodeManifest,
  type PageRef,
  parsePageRecord,
  StateTree,
  verifyCommit,
  verifyManifestSuccession,
  verifyStatePath,
} from "@excalibur/core/volume/record";
import fc from "fast-check";
import { describe, it } from "vitest";
import { amount } from "../../../scripts/test/long-mode.ts";
import { compare, concat } from "../reference/foundations/bytes.ts";
import { EVERYBODY, KEYS, row } from "../reference/generate/people/people.ts";
import {
  chainExists,
  FAMILY,
  MANIFEST_1,
  nextManifest,
  VOLUME_ID,
} from "../reference/generate/volume/manifest-vectors.ts";
import { readBatch as slowReadBatch } from "../reference/object/batch.ts";
import { checkHeader, type Expected, open } from "../reference/object/exef.ts";
import { verifyRangeProof } from "../reference/object/merkle.ts";
import { readIdentityChain } from "../reference/people/identity.ts";
import { COMMIT, type CommitFields, encodeCommit, readCommit } from "../reference/volume/commit.ts";
import { applyCommit, type VolumeState } from "../reference/volume/history.ts";
import { readManifest, verifyNextManifest } from "../reference/volume/manifest.ts";
import { halves, type PagePlace } from "../reference/volume/page-place.ts";
import { readPageRecord } from "../reference/volume/page-record.ts";
import { verifyStatePath as slowVerifyStatePath } from "../reference/volume/state-path.ts";
import { type PageState, stateRoot } from "../reference/volume/state-tree.ts";
import { expectSameVerdict, mutated } from "./differential.ts";
import { frozen, hex, type Packed, unhex, unpack } from "./frozen.ts";
import { keysOf } from "./people-json.ts";

const runs = (usual: number) => ({ numRuns: amount({ everyday: usual, long: usual * 20 }) });

function itJudgesAlike(
  what: string,
  samples: readonly Uint8Array[],
  judge: (bytes: Uint8Array) => Promise<void>,
): void {
  it(`${what} are judged alike after any change of bytes`, async () => {
    await fc.assert(fc.asyncProperty(mutated(samples), judge), runs(400));
  });
}

describe("forms", () => {
  const manifests = frozen<{ forms: readonly { manifest: string }[] }>("manifest").forms.map(({ manifest }) =>
    unhex(manifest),
  );
  itJudgesAlike("manifests", manifests, (bytes) =>
    expectSameVerdict(
      () => decodeManifest(bytes),
      () => readManifest(bytes),
    ),
  );

  const commits = frozen<{ forms: readonly { commit: string }[] }>("commit").forms.map(({ commit }) => unhex(commit));
  itJudgesAlike("commits", commits, (bytes) =>
    expectSameVerdict(
      () => decodeCommit(bytes),
      () => readCommit(bytes),
      ["malformed", "unsupported"],
    ),
  );

  const pages = frozen<{ records: readonly { record: Packed }[] }>("page").records.map(({ record }) => unpack(record));
  itJudgesAlike("page records", pages, (bytes) =>
    expectSameVerdict(
      () => parsePageRecord(bytes),
      () => readPageRecord(bytes),
      ["malformed", "unsupported"],
    ),
  );

  const chains = frozen<{ chains: readonly { records: readonly string[] }[] }>("identity").chains;
  const records = chains.flatMap(({ records: chain }) => chain.slice(0, 1).map(unhex));
  it("identity records are judged alike after any change of bytes", async () => {
    const judge = (bytes: Uint8Array) =>
      expectSameVerdict(
        () => verifyIdentityChain([bytes]),
        () => readIdentityChain([bytes]),
        ["malformed", "weak-key", "signature", "succession"],
      );
    await fc.assert(fc.asyncProperty(mutated(records), judge), runs(60));
  });

  const { batch } = frozen<{ accepted: readonly { batch: string }[] }>("batch").accepted[0] as { batch: string };
  itJudgesAlike("batches", [unhex(batch)], (bytes) => {
    async function* source() {
      yield bytes;
    }
    const readAll = async () => {
      const { objects } = await readBatch(source(), { maxObjects: 65_535, maxObjectBytes: 2 ** 40 });
      for await (const { bytes: object } of objects()) object.at(0);
    };
    return expectSameVerdict(readAll, () => slowReadBatch(bytes));
  });

  const envelopes = frozen<{ envelopes: readonly { envelope: string }[] }>("envelope").envelopes;
  itJudgesAlike(
    "envelopes",
    envelopes.map(({ envelope }) => unhex(envelope)),
    async (bytes) => {
      const isForm = bytes.length === 1364 && Buffer.from(bytes).toString("latin1", 0, 4) === "EXS3";
      await expectSameVerdict(
        () => parseEnvelope(bytes),
        () => {
          if (!isForm) readManifest(new Uint8Array(0));
        },
      );
    },
  );
});

interface ObjectCase {
  readonly kind: 1;
  readonly objectId?: string;
  readonly key: string;
  readonly context: string;
  readonly ciphertext?: string;
}

describe("objects", () => {
  const objects = frozen<{ objects: readonly ObjectCase[] }>("exef").objects.filter(({ ciphertext }) => ciphertext);
  it("are judged alike after any change of bytes", async () => {
    const altered = fc
      .constantFrom(...objects)
      .chain((object) => mutated([unhex(object.ciphertext as string)]).map((bytes) => ({ object, bytes })));
    await fc.assert(
      fc.asyncProperty(altered, async ({ object, bytes }) => {
        const expected: Expected = { kind: object.kind, key: unhex(object.key), context: unhex(object.context) };
        const fast = () => openObject({ key: expected.key, kind: object.kind, context: expected.context, bytes });
        await expectSameVerdict(fast, () => open(bytes, expected), ["malformed", "unsupported", "integrity"]);
        await expectSameVerdict(
          () => parseExefHeader(bytes),
          () => checkHeader(bytes),
          ["malformed", "unsupported"],
        );
      }),
      runs(300),
    );
  });
});

interface ProofCase {
  readonly ciphertextLength: number;
  readonly from: number;
  readonly to: number;
  readonly root: string;
  readonly proof: string;
}

describe("proofs and paths", () => {
  const { header, proofs } = frozen<{ header: string; proofs: readonly ProofCase[] }>("proofs");
  it("range proofs are judged alike after any change", async () => {
    const altered = fc.constantFrom(...proofs).chain((one) =>
      fc.record({
        one: fc.constant(one),
        proof: mutated([unhex(one.proof)]),
        shift: fc.integer({ min: -2, max: 2 }),
        wider: fc.integer({ min: -1, max: 1 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(altered, async ({ one, proof, shift, wider }) => {
        const range = { from: one.from + shift, to: one.to + shift + wider };
        const root = unhex(one.root);
        const fast = () =>
          verifyRange({ proof, ...range, header: unhex(header), ciphertextLength: one.ciphertextLength, root });
        const slow = () =>
          verifyRangeProof({ header: unhex(header), ciphertextLength: one.ciphertextLength }, range, proof, root);
        await expectSameVerdict(fast, slow);
      }),
      runs(400),
    );
  });

  const state = frozen<{
    volumeId: string;
    paths: readonly { stateRoot: string; nodeId: string; bitsLength: number; bits: number; path: string }[];
  }>("state");
  it("state paths are judged alike after any change", async () => {
    const altered = fc
      .constantFrom(...state.paths)
      .chain((one) => mutated([unhex(one.path)]).map((path) => ({ one, path })));
    await fc.assert(
      fc.asyncProperty(altered, async ({ one, path }) => {
        const { bitsLength, bits } = one;
        const question = {
          volumeId: unhex(state.volumeId),
          stateRoot: unhex(one.stateRoot),
          nodeId: unhex(one.nodeId),
        };
        const fast = () => verifyStatePath({ ...question, path, range: { bitsLength, bits } });
        const slow = () => slowVerifyStatePath({ ...question, place: { bitsLength, bits } }, path);
        await expectSameVerdict(fast, slow, ["malformed", "integrity"]);
      }),
      runs(400),
    );
  });
});

const PROOFS = {
  signatureKeys: keysOf(
    EVERYBODY.map((one) => ({
      person: one.name,
      subjectId: "",
      fingerprint: hex(one.fingerprint),
      ed25519Key: hex(one.ed25519Key),
    })),
  ),
};

describe("what may follow what", () => {
  it("manifests: any members, any roles, any signer", async () => {
    const person = fc.constantFrom(...EVERYBODY);
    const edit = fc.oneof(
      fc.record({ how: fc.constant("add" as const), who: person, role: fc.constantFrom(1, 2, 3, 4, 16, 17) }),
      fc.record({ how: fc.constant("remove" as const), at: fc.nat({ max: 4 }) }),
      fc.record({
        how: fc.constant("role" as const),
        at: fc.nat({ max: 4 }),
        role: fc.constantFrom(1, 2, 3, 4, 16, 17),
      }),
      fc.record({ how: fc.constant("time" as const), at: fc.nat({ max: 4 }) }),
    );
    const succession = fc.record({
      edits: fc.array(edit, { maxLength: 3 }),
      signer: person,
      signedBy: fc.option(person),
      rotate: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(succession, async ({ edits, signer, signedBy, rotate }) => {
        let rows = [...FAMILY];
        for (const one of edits) {
          if (one.how === "add")
            rows = [...rows.filter(({ subjectId }) => subjectId !== one.who.userId), row(one.who, one.role)];
          else if (one.how === "remove") rows = rows.filter((_, i) => i !== one.at);
          else
            rows = rows.map((old, i) =>
              i === one.at ? { ...old, ...(one.how === "role" ? { role: one.role } : { addedMs: 7 }) } : old,
            );
        }
        const bytes = nextManifest(MANIFEST_1, rows, { rotate, signer, signedBy: signedBy ?? signer });
        const fast = () => verifyManifestSuccession(decodeManifest(MANIFEST_1.bytes), decodeManifest(bytes), PROOFS);
        // No identity chains here: they are a matter of the vectors.
        const slow = () => verifyNextManifest(MANIFEST_1, readManifest(bytes), KEYS, () => false);
        await expectSameVerdict(fast, slow, ["succession", "signature"]);
      }),
      runs(120),
    );
  });

  it("commits: any changes of pages", async () => {
    await fc.assert(
      fc.asyncProperty(anyState, fc.array(anyChange, { maxLength: 7 }), async (pages, changes) => {
        const unique = [...new Map([...changes].reverse().map((one) => [changeName(one), one])).values()].map((one) =>
          plausible(one, pages),
        );
        await expectCommitAlike(pages, unique);
      }),
      runs(100),
    );
  });
});

// ── states and changes ───────────────────────────────────────────────────────────────────────────────────────────

const NODES = [VOLUME_ID, new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)];
const WHOLE: PagePlace = { bitsLength: 0, bits: 0 };
const PLACES = [WHOLE, ...halves(WHOLE), ...halves(WHOLE).flatMap((half) => [...halves(half)])];

const recordHash = (name: string) => new Uint8Array(32).fill(1 + (name.length % 200));
const anyState: fc.Arbitrary<PageState[]> = fc
  .tuple(
    ...NODES.map(() =>
      fc.constantFrom<readonly PagePlace[]>([], [WHOLE], halves(WHOLE), PLACES.slice(3), [
        PLACES[1] as PagePlace,
        PLACES[5] as PagePlace,
        PLACES[6] as PagePlace,
      ]),
    ),
  )
  .map((folders) =>
    folders.flatMap((places, i) =>
      places.map((place) => ({ nodeId: NODES[i] as Uint8Array, ...place, version: 3, recordHash: recordHash("old") })),
    ),
  );

interface AnyChange {
  readonly node: number;
  readonly place: PagePlace;
  /** gone, the version that may come, or another. */
  readonly how: "gone" | "next" | "wrong";
}
const anyChange: fc.Arbitrary<AnyChange> = fc.record({
  node: fc.nat({ max: NODES.length - 1 }),
  place: fc.constantFrom(...PLACES),
  how: fc.constantFrom("gone", "gone", "next", "next", "next", "wrong"),
});

function changeName({ node, place }: AnyChange): string {
  return `${node} ${place.bitsLength} ${place.bits}`;
}

function plausible({ node, place, how }: AnyChange, pages: readonly PageState[]): PageState {
  const nodeId = NODES[node] as Uint8Array;
  if (how === "gone") return { nodeId, ...place, version: 0, recordHash: new Uint8Array(32) };
  const old = pages.find(
    (page) => page.nodeId === nodeId && page.bitsLength === place.bitsLength && page.bits === place.bits,
  );
  return {
    nodeId,
    ...place,
    version: (old?.version ?? 0) + (how === "next" ? 1 : 2),
    recordHash: recordHash("a new page"),
  };
}

const idOf = (page: PageState) => `${hex(page.nodeId)} ${page.bitsLength} ${page.bits}`;

async function expectCommitAlike(pages: readonly PageState[], changes: readonly PageState[]): Promise<void> {
  const [owner] = EVERYBODY;
  if (owner === undefined) throw new Error("Nobody is there.");
  const common = {
    volumeId: VOLUME_ID,
    kind: COMMIT.ordinary,
    manifestVersion: MANIFEST_1.version,
    manifestHash: MANIFEST_1.hash,
    g: MANIFEST_1.g,
    writerFingerprint: owner.fingerprint,
    abandoned: [],
    added: [],
    dropped: [],
  };
  const headFields: CommitFields = {
    ...common,
    sequence: 5,
    previousCommitHash: new Uint8Array(32).fill(9),
    timeMs: 1000,
    stateRoot: stateRoot(VOLUME_ID, pages),
    changes: [],
  };
  const head = encodeCommit(headFields, owner.seed);
  const after = new Map(pages.map((page) => [idOf(page), page]));
  for (const change of changes) {
    if (change.version === 0) after.delete(idOf(change));
    else after.set(idOf(change), change);
  }
  const sorted = [...changes].sort((a, b) => compare(keyOf(a), keyOf(b)));
  const fields: CommitFields = {
    ...common,
    sequence: 6,
    previousCommitHash: readCommit(head).hash,
    timeMs: 2000,
    stateRoot: stateRoot(VOLUME_ID, [...after.values()]),
    changes: sorted,
  };
  const bytes = encodeCommit(fields, owner.seed);
  const state: VolumeState = { volumeId: VOLUME_ID, head: readCommit(head), manifest: MANIFEST_1, pages };
  const slow = () => applyCommit(state, readCommit(bytes), { keys: KEYS, chainExists });
  const fast = () =>
    verifyCommit({
      previous: decodeCommit(head),
      commit: decodeCommit(bytes),
      manifest: decodeManifest(MANIFEST_1.bytes),
      state: StateTree.fromPages(pages as PageRef[]),
      ...PROOFS,
    });
  await expectSameVerdict(fast, slow);
}

function keyOf(page: PageState): Uint8Array {
  return concat(page.nodeId, Uint8Array.of(page.bitsLength, page.bits >> 8, page.bits & 255));
}
