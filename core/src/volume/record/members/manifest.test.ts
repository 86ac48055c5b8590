import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { FormatError, toHex } from "../../../bytes/index.ts";
import {
  decodeIdentity,
  type IdentityChain,
  type SignatureKeys,
  signIdentity,
  verifyIdentityChain,
} from "../../../identity/index.ts";
import { kemKeyPairFromSeed, sha256 } from "../../../primitives/index.ts";
import {
  commitToVolumeKey,
  decodeManifest,
  isLinkRole,
  isManagedRole,
  isRole,
  type Manifest,
  ManifestError,
  type ManifestFields,
  type Member,
  mayChangeMembers,
  mayWrite,
  memberByFingerprint,
  memberBySubject,
  ROLES,
  type Role,
  signManifest,
  verifyGenesisManifest,
  verifyManifestSuccession,
  volumeIdOf,
} from "../index.ts";
import {
  alice,
  bob,
  carol,
  dave,
  firstManifest,
  link,
  nonce,
  type Person,
  person,
  row,
  signatureKeys,
  volumeId,
  volumeKey,
  ZERO_HASH,
} from "./people.suite.ts";

const { viewer, editor, manager, owner, linkViewer, linkEditor } = ROLES;
const proofs = { signatureKeys };

const base = decodeManifest(
  signManifest(firstManifest([row(bob, manager), row(carol, editor), row(link, linkViewer)]), alice.seed),
);

/** The manifest after `base`, with changes; signed by whoever it names. */
function next(change: Partial<ManifestFields>, signer: Person = alice, previous: Manifest = base): Manifest {
  const g = change.g ?? previous.g;
  const fields: ManifestFields = {
    ...previous,
    version: previous.version + 1,
    previousManifestHash: previous.hash,
    nonce: ZERO_HASH,
    vkCommitment: g === previous.g ? previous.vkCommitment : commitToVolumeKey({ volumeId, g }, volumeKey(g)),
    signerFingerprint: signer.fingerprint,
    ...change,
  };
  return decodeManifest(signManifest(fields, signer.seed));
}

const rows = (...changed: Member[]): Member[] => {
  const ids = new Set(changed.map((each) => toHex(each.subjectId)));
  return [...[...base.members].filter((each) => !ids.has(toHex(each.subjectId))), ...changed];
};
const without = (...people: Person[]): Member[] =>
  [...base.members].filter((each) => !people.some((who) => toHex(who.subjectId) === toHex(each.subjectId)));

function verdict(manifest: () => Manifest, more: Partial<Parameters<typeof verifyManifestSuccession>[2]> = {}): string {
  try {
    verifyManifestSuccession(base, manifest(), { ...proofs, ...more });
  } catch (error) {
    return error instanceof ManifestError ? error.reason : (error as Error).name;
  }
  return "accepted";
}

describe("roles", () => {
  it("are sets", () => {
    const all = [0, 1, 2, 3, 4, 5, 15, 16, 17, 18];
    const having = (test: (role: Role) => boolean) => all.filter((role) => isRole(role) && test(role));
    expect(having(() => true)).toEqual([1, 2, 3, 4, 16, 17]);
    expect(having(mayWrite)).toEqual([2, 3, 4, 17]);
    expect(having(mayChangeMembers)).toEqual([3, 4]);
    expect(having(isManagedRole)).toEqual([1, 2, 16, 17]);
    expect(having(isLinkRole)).toEqual([16, 17]);
  });
});

describe("a manifest", () => {
  it("says what was signed, members sorted", () => {
    expect(base).toMatchObject({ version: 0, g: 0 });
    expect(base.hash).toEqual(sha256(base.bytes));
    expect(base.bytes.length).toBe(188 + 4 + 4 * 57 + 64);
    const ids = [...base.members].map((each) => toHex(each.subjectId));
    expect(ids).toEqual([...ids].sort());
    expect(memberBySubject(base, bob.subjectId)).toEqual(row(bob, manager));
    expect(memberByFingerprint(base, carol.fingerprint)?.role).toBe(editor);
    expect(memberByFingerprint(base, dave.fingerprint)).toBeNull();
    expect(memberBySubject(base, dave.subjectId)).toBeNull();
    expect(() => verifyGenesisManifest(base, proofs)).not.toThrow();
  });

  it("names its volume after owner and nonce", () => {
    expect(base.volumeId).toEqual(volumeIdOf({ ownerFingerprint: alice.fingerprint, nonce }));
    expect(() =>
      decodeManifest(signManifest({ ...firstManifest(), volumeId: new Uint8Array(16) }, alice.seed)),
    ).toThrow(FormatError);
  });

  it("takes fields of their own length only, even where two wrong ones would make up for each other", () => {
    const key = volumeKey(0);
    expect(() => commitToVolumeKey({ volumeId, g: 0 }, key.subarray(1))).toThrow(FormatError);
    expect(() => commitToVolumeKey({ volumeId: key, g: 0 }, volumeId)).toThrow(FormatError);
    expect(() => volumeIdOf({ ownerFingerprint: alice.fingerprint.subarray(1), nonce })).toThrow(FormatError);
    const shifted = { previousManifestHash: new Uint8Array(31), nonce: new Uint8Array(33) };
    expect(() => signManifest({ ...next({}), ...shifted }, alice.seed)).toThrow(FormatError);
  });

  it("is refused with any byte changed", () => {
    fc.assert(
      fc.property(fc.nat(base.bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, difference) => {
        const altered = base.bytes.slice();
        altered[at] = (altered[at] as number) ^ difference;
        expect(() => verifyGenesisManifest(decodeManifest(altered), proofs)).toThrow();
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, Partial<ManifestFields>]>([
    ["no owner", { members: [row(alice, manager)] }],
    ["two owners", { members: [row(alice, owner), row(bob, owner)] }],
    ["another owner than named", { members: [row(bob, owner)] }],
    ["a role that does not exist", { members: [row(alice, owner), row(bob, 5 as Role)] }],
    ["a subject twice", { members: [row(alice, owner), row(bob, 1), { ...row(carol, 1), subjectId: bob.subjectId }] }],
    [
      "a fingerprint twice",
      { members: [row(alice, owner), row(bob, 1), { ...row(carol, 1), fingerprint: bob.fingerprint }] },
    ],
    ["a predecessor at version 0", { previousManifestHash: new Uint8Array(32).fill(1) }],
    ["a generation above its version", { g: 1 }],
    [
      "another signer at version 0",
      { signerFingerprint: bob.fingerprint, members: [row(alice, owner), row(bob, manager)] },
    ],
    ["a short id", { volumeId: new Uint8Array(15) }],
    ["a short fingerprint", { members: [{ ...row(alice, owner), fingerprint: new Uint8Array(31) }] }],
    ["a nonce later", { version: 1 }],
  ])("is refused with %s", (_, change) => {
    expect(() => signManifest({ ...firstManifest(), ...change }, alice.seed)).toThrow(FormatError);
  });

  it("is refused with members out of order, cut short or too long", () => {
    const swapped = base.bytes.slice();
    swapped.set(base.bytes.subarray(192, 249), 249);
    swapped.set(base.bytes.subarray(249, 306), 192);
    for (const bytes of [
      swapped,
      base.bytes.subarray(0, -1),
      Uint8Array.of(...base.bytes, 0),
      base.bytes.subarray(1),
    ]) {
      expect(() => decodeManifest(bytes)).toThrow(FormatError);
    }
  });

  it("of another version does not begin a volume, nor does one signed by somebody else", () => {
    expect(() => verifyGenesisManifest(next({}), proofs)).toThrow(ManifestError);
    const forged = decodeManifest(signManifest(firstManifest(), bob.seed));
    expect(() => verifyGenesisManifest(forged, proofs)).toThrow(ManifestError);
    const nobody: SignatureKeys = () => undefined;
    expect(() => verifyGenesisManifest(base, { signatureKeys: nobody })).toThrow(ManifestError);
  });
});

describe("what may follow a manifest", () => {
  it.each<[string, () => Manifest]>([
    ["nothing changed", () => next({})],
    ["owner adds a manager", () => next({ members: rows(row(dave, manager)) })],
    ["owner changes a manager's role", () => next({ members: rows(row(bob, viewer)) })],
    ["owner removes a manager with g + 1", () => next({ members: without(bob), g: 1 })],
    ["owner turns the key over", () => next({ g: 1 })],
    [
      "owner hands over",
      () => next({ ownerFingerprint: bob.fingerprint, members: rows(row(bob, owner), row(alice, manager)) }),
    ],
    ["manager adds a viewer", () => next({ members: rows(row(dave, viewer)) }, bob)],
    ["manager adds a link", () => next({ members: rows(row(dave, linkEditor)) }, bob)],
    ["manager makes an editor a viewer", () => next({ members: rows(row(carol, viewer)) }, bob)],
    ["manager gives a link more rights", () => next({ members: rows(row(link, linkEditor)) }, bob)],
    ["manager removes an editor with g + 1", () => next({ members: without(carol), g: 1 }, bob)],
    ["manager removes a link with g + 1", () => next({ members: without(link), g: 1 }, bob)],
    ["manager turns the key over", () => next({ g: 1 }, bob)],
  ])("%s", (_, manifest) => {
    expect(verdict(manifest)).toBe("accepted");
  });

  it.each<[string, string, () => Manifest]>([
    ["not_next", "a version that jumps", () => next({ version: 2 })],
    ["not_next", "another predecessor", () => next({ previousManifestHash: sha256(base.hash) })],
    ["not_next", "another volume", () => next({ volumeId: new Uint8Array(16) })],
    ["not_next", "the same manifest again", () => base],
    ["signer_may_not", "an editor signs", () => next({}, carol)],
    ["signer_may_not", "a link signs", () => next({}, link)],
    ["signer_may_not", "a stranger signs", () => next({}, dave)],
    [
      "signer_may_not",
      "somebody makes himself manager",
      () => next({ members: rows(row(dave, manager)), signerFingerprint: dave.fingerprint }, dave),
    ],
    ["signature", "signed with another's key", () => next({ signerFingerprint: alice.fingerprint }, bob)],
    ["commitment", "g grows, the key stays", () => next({ g: 1, vkCommitment: base.vkCommitment })],
    ["commitment", "the key changes, g stays", () => next({ vkCommitment: sha256(base.hash) })],
    ["removal_needs_generation", "removal without g + 1", () => next({ members: without(carol) })],
    ["removal_needs_generation", "removal of a link without g + 1", () => next({ members: without(link) }, bob)],
    ["manager_may_not", "manager adds a manager", () => next({ members: rows(row(dave, manager)) }, bob)],
    [
      "manager_may_not",
      "manager makes a manager of an editor",
      () => next({ members: rows(row(carol, manager)) }, bob),
    ],
    ["manager_may_not", "manager steps down", () => next({ members: rows(row(bob, editor)) }, bob)],
    ["manager_may_not", "manager leaves", () => next({ members: without(bob), g: 1 }, bob)],
    ["manager_may_not", "manager changes when he came", () => next({ members: rows(row(bob, manager, 7)) }, bob)],
    ["manager_may_not", "manager changes the owner's row", () => next({ members: rows(row(alice, owner, 7)) }, bob)],
    [
      "manager_may_not",
      "manager takes the volume",
      () => next({ ownerFingerprint: bob.fingerprint, members: rows(row(bob, owner), row(alice, manager)) }, bob),
    ],
    [
      "manager_may_not",
      "manager exchanges an editor's key",
      () => next({ members: rows({ ...row(carol, editor), fingerprint: dave.fingerprint }), g: 1 }, bob),
    ],
    ["subject_kind_changed", "a link becomes a person", () => next({ members: rows(row(link, viewer)) })],
    ["subject_kind_changed", "a person becomes a link", () => next({ members: rows(row(carol, linkEditor)) })],
    [
      "link_key_changed",
      "a link's key changes",
      () => next({ members: rows({ ...row(link, linkViewer), fingerprint: dave.fingerprint }), g: 1 }),
    ],
    [
      "identity_chain",
      "a key changes without a chain",
      () => next({ members: rows({ ...row(carol, editor), fingerprint: dave.fingerprint }), g: 1 }),
    ],
  ])("refuses (%s) %s", (reason, _, manifest) => {
    expect(verdict(manifest)).toBe(reason);
  });

  it("refuses g that jumps or goes back", () => {
    const later = next({ g: 1 });
    for (const g of [0, 3]) {
      const manifest = next({ g, version: later.version + 2, previousManifestHash: later.hash }, alice, later);
      const before = { ...later, version: manifest.version - 1 };
      expect(() => verifyManifestSuccession(before, manifest, proofs)).toThrow(new ManifestError("generation"));
    }
  });
});

describe("a replaced key", () => {
  const userId = carol.subjectId;
  let chain: IdentityChain;
  let before: Manifest;
  let oldKey: Person;
  let newKey: Person;

  beforeAll(async () => {
    const records: Uint8Array[] = [];
    const people: Person[] = [];
    for (const key of [1, 2, 3]) {
      const { seed } = person("carol's key", key);
      const last = records.at(-1);
      const record = signIdentity({
        userId,
        name: "carol",
        createdMs: key,
        signatureSeed: seed,
        sealingKey: (await kemKeyPairFromSeed(seed)).publicKey,
        ...(last && { previous: { record: decodeIdentity(last), signatureSeed: person("carol's key", key - 1).seed } }),
      });
      records.push(record);
      people.push({ subjectId: userId, fingerprint: decodeIdentity(record).fingerprint, seed });
    }
    chain = verifyIdentityChain(records);
    [oldKey, , newKey] = people as [Person, Person, Person];
    before = decodeManifest(signManifest(firstManifest([row(oldKey, editor), row(bob, manager)]), alice.seed));
  });

  const attempt = (change: Partial<ManifestFields>, identityChain?: IdentityChain, signer = alice) => {
    try {
      verifyManifestSuccession(before, next(change, signer, before), {
        signatureKeys,
        identityChain: () => identityChain,
      });
    } catch (error) {
      return (error as ManifestError).reason;
    }
    return "accepted";
  };
  const replaced = (to: Person): Member[] => [row(alice, owner), row(bob, manager), row(to, editor)];

  it("is accepted from the owner, with its chain and g + 1", () => {
    expect(attempt({ members: replaced(newKey), g: 1 }, chain)).toBe("accepted");
  });

  it("counts as a removal", () => {
    expect(attempt({ members: replaced(newKey) }, chain)).toBe("removal_needs_generation");
  });

  it("is the owner's act alone", () => {
    expect(attempt({ members: replaced(newKey), g: 1 }, chain, bob)).toBe("manager_may_not");
  });

  it("needs the chain of that person, leading there", () => {
    expect(attempt({ members: replaced(newKey), g: 1 })).toBe("identity_chain");
    expect(attempt({ members: replaced(newKey), g: 1 }, chain.slice(1) as unknown as IdentityChain)).toBe(
      "identity_chain",
    );
    expect(attempt({ members: replaced({ ...newKey, fingerprint: dave.fingerprint }), g: 1 }, chain)).toBe(
      "identity_chain",
    );
    const someoneElses = chain.map((each) => ({ ...each, userId: dave.subjectId })) as unknown as IdentityChain;
    expect(attempt({ members: replaced(newKey), g: 1 }, someoneElses)).toBe("identity_chain");
  });
});
