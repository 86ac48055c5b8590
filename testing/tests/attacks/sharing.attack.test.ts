/** Members, roles and keys of a shared folder that nobody who may has signed. */

import { concatBytes, equalBytes, fromBase64Url, toBase64Url, toHex, uint64 } from "@excalibur/core/bytes";
import {
  decodeIdentity,
  encodeEnvelope,
  encodeEnvelopeHeader,
  envelopeInfo,
  envelopeMessage,
  parseEnvelope,
} from "@excalibur/core/identity";
import { signLabelled } from "@excalibur/core/labels";
import { hpkeSeal } from "@excalibur/core/primitives";
import { lookUpPerson, type UserName } from "@excalibur/core/protocol";
import {
  decodeCommit,
  decodeManifest,
  type Manifest,
  ROLES,
  signCommit,
  signManifest,
} from "@excalibur/core/volume/record";
import { isViolation } from "@excalibur/sdk";
import { Entrance } from "@excalibur/sdk/account";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  acceptFirst,
  expectRefused,
  handOf,
  headOf,
  offeredTo,
  refusalOf,
  share,
  type WireHead,
} from "../../src/attacks/index.ts";
import { type EvilServer, type Person, World } from "../../src/index.ts";

/** What seals or sends something under a key. */
const WRITES = ["createVolume", "putPages", "postCommit", "postBatch", "createUpload"];
const hasCode = (code: string) => (error: { readonly code: string }) => error.code === code;

const decoded = (text: string): Uint8Array => fromBase64Url(text);

let world: World;
let alice: Person;
let bob: Person;
let carol: Person;

beforeEach(async () => {
  world = await World.start();
  ({ alice, bob, carol } = await world.people("alice", "bob", "carol"));
  await alice.laptop.write("/Folder/one.txt", "one");
});
afterEach(() => world[Symbol.asyncDispose]());

describe("members and keys that only the server names", () => {
  it("E12, A9 get no key: a new key goes to those of the signed list, whoever else the server says is in it", async () => {
    await share(alice.laptop, "/Folder", bob);
    await acceptFirst(bob.laptop);
    await share(alice.laptop, "/Folder", carol, "viewer");
    const { laptop } = alice;
    const { sharing } = await laptop.drive;
    const dave = (await world.people("dave")).dave;
    const daves = await handOf(dave.laptop);
    const ofDave = await (await new Entrance(laptop.ports).open()).api.transport.call(lookUpPerson, {
      params: { name: "dave" as UserName },
    });
    const invented = { userId: toBase64Url(daves.subjectId), acceptedMs: 5, leftMs: null };
    laptop.network.alterJson<{ members: unknown[] }>("listMembers", ({ members }) => ({
      members: [...members, invented],
    }));
    laptop.network.alterJson<WireHead>("getHead", (head) => ({
      ...head,
      identities: [...head.identities, ...ofDave.records],
    }));
    laptop.network.record();
    await sharing.remove(await laptop.find("/Folder"), ["carol"]);
    laptop.network.behave();
    const sent = laptop.network.recorded.filter(({ route }) => route === "postCommit").at(-1)!;
    const { envelopes, manifest } = JSON.parse(new TextDecoder().decode(sent.body)) as {
      envelopes: string[];
      manifest: string;
    };
    const signed = decodeManifest(decoded(manifest));
    expect(signed.g).toBe(1);
    const listed = [...signed.members].map(({ fingerprint }) => toHex(fingerprint)).sort();
    expect(listed).toHaveLength(2);
    expect(envelopes.map((text) => toHex(parseEnvelope(decoded(text)).recipientFingerprint)).sort()).toEqual(listed);
    expect(listed).not.toContain(toHex(daves.fingerprint));
  });

  it("E8, D3 are refused: a removed member who is put back, a role that nobody gave, an older list", async () => {
    await share(alice.laptop, "/Folder", bob, "viewer");
    const volumeId = await acceptFirst(bob.laptop);
    await share(alice.laptop, "/Folder", carol, "editor");
    const before = await headOf(alice.laptop, volumeId);
    const { sharing } = await alice.laptop.drive;
    await alice.phone.names("/Folder");
    await sharing.remove(await alice.laptop.find("/Folder"), ["carol"]);
    const after = await headOf(alice.laptop, volumeId);
    const bobs = await handOf(bob.laptop);
    const last = decodeManifest(decoded(after.manifests.at(-1)!));
    const forged = (fields: Partial<Manifest>, seed: Uint8Array) => {
      const manifest = signManifest(
        {
          ...last,
          ...{ version: last.version + 1, previousManifestHash: last.hash, nonce: new Uint8Array(32) },
          ...{ members: [...last.members], ...(fields as object) },
        } as never,
        seed,
      );
      const next = decodeManifest(manifest);
      const head = decodeCommit(decoded(after.commit));
      const commit = signCommit(
        {
          ...head,
          ...{ sequence: head.sequence + 1, previousCommitHash: head.hash, timeMs: head.timeMs + 1 },
          ...{ manifestVersion: next.version, manifestHash: next.hash, writerFingerprint: next.signerFingerprint },
        },
        seed,
      );
      return { ...after, commit: toBase64Url(commit), manifests: [...after.manifests, toBase64Url(manifest)] };
    };
    const old = decodeManifest(decoded(before.manifests.at(-1)!));
    const carolsRow = [...old.members].find(({ role }) => role === ROLES.editor)!;
    const promoted = [...last.members].map((row) =>
      row.role === ROLES.viewer ? { ...row, role: ROLES.manager } : row,
    );
    const back = [...last.members, carolsRow].sort((a, b) => Buffer.compare(a.subjectId, b.subjectId));
    const own = { signerFingerprint: bobs.fingerprint };
    await alice.phone.catchUp();
    const follow = (head: WireHead) => (evil: EvilServer) => {
      const { sequence, hash } = decodeCommit(decoded(head.commit));
      evil.alterJson("getHead", () => head);
      evil.alterJson("listCommits", () => ({
        ...{ commits: [head.commit], headSequence: sequence, headHash: toBase64Url(hash), more: false },
      }));
    };
    const volume = (await alice.phone.drive).volumes.opened.find((each) => equalBytes(each.volumeId, volumeId))!;
    await expectRefused({
      device: alice.phone,
      lies: {
        "a viewer who makes himself a manager": follow(
          forged({ ...own, members: promoted as never }, bobs.signatureSeed),
        ),
        "somebody who was removed, by a viewer": follow(forged({ ...own, members: back as never }, bobs.signatureSeed)),
        "somebody who was removed, in the owner's name": follow(forged({ members: back as never }, bobs.signatureSeed)),
        "the list of before": (evil) => {
          const { sequence, hash } = decodeCommit(decoded(before.commit));
          evil.alterJson("getHead", () => before);
          evil.alterJson("listCommits", () => ({
            ...{ commits: [], headSequence: sequence, headHash: toBase64Url(hash), more: false },
          }));
        },
      },
      act: () => volume.catchUp(),
      refused: isViolation,
    });
    // What the server says beside the list makes nobody a member, and nobody another one.
    alice.phone.network.alterJson<{ members: { userId: string }[] }>("listMembers", ({ members }) => ({
      members: members.map((row) => ({ ...row, role: "manager", acceptedMs: 1, leftMs: null })),
    }));
    const phones = (await alice.phone.drive).sharing;
    const rows = await phones.members(await alice.phone.find("/Folder"));
    expect(rows.map(({ name, role }) => `${name} ${role}`).sort()).toEqual(["alice owner", "bob viewer"]);
  });

  it("E9 a reader who signs a change is refused by who may read it, whatever the server took", async () => {
    await share(alice.laptop, "/Folder", bob, "viewer");
    const volumeId = await acceptFirst(bob.laptop);
    await alice.phone.names("/Folder");
    const bobs = await handOf(bob.laptop);
    const head = decodeCommit(decoded((await headOf(bob.laptop, volumeId)).commit));
    const commit = signCommit(
      {
        ...head,
        ...{ sequence: head.sequence + 1, kind: 0, previousCommitHash: head.hash, timeMs: head.timeMs + 1 },
        ...{ writerFingerprint: bobs.fingerprint, changes: [], added: [], dropped: [], abandoned: [] },
      },
      bobs.signatureSeed,
    );
    const { hash, sequence } = decodeCommit(commit);
    const volume = (await alice.phone.drive).volumes.opened.find((each) => equalBytes(each.volumeId, volumeId))!;
    await expectRefused({
      device: alice.phone,
      lies: {
        "as the next one": (evil) =>
          evil.alterJson("listCommits", () => ({
            ...{ commits: [toBase64Url(commit)], headSequence: sequence, headHash: toBase64Url(hash), more: false },
          })),
      },
      act: () => volume.catchUp(),
      refused: hasCode("commit_invalid"),
    });
    // And his own device does not even try.
    const asked = bob.laptop.network.asked.length;
    await expect(bob.laptop.makeFolder("/Folder/mine")).rejects.toMatchObject({ code: "read_only" });
    expect(bob.laptop.network.asked.slice(asked).filter((route) => WRITES.includes(route))).toEqual([]);
  });

  it("E11 an owner who sends one member another key than the others is found out, and nothing is written under it", async () => {
    await share(alice.laptop, "/Folder", bob);
    const { sharing } = await bob.laptop.drive;
    const hand = await handOf(alice.laptop);
    const bobs = await handOf(bob.laptop);
    const equivocate = (head: WireHead, volumeKey: Uint8Array): Promise<WireHead> =>
      otherEnvelope(head, { volumeKey, sender: hand, recipient: bobs.fingerprint });
    const [volumeId] = await offeredTo(bob.laptop);
    const honest = await headOf(bob.laptop, volumeId!);
    const lie = await equivocate(honest, new Uint8Array(32).fill(0x5a));
    bob.laptop.network.alterJson("getHead", () => lie);
    const problems: unknown[] = [];
    expect(await sharing.invitations({ onProblem: (error) => problems.push(error) })).toEqual([]);
    expect(problems).toEqual([expect.objectContaining({ code: "volume_key" })]);
    expect(isViolation(problems[0])).toBe(true);
    expect(await refusalOf(sharing.accept(volumeId!))).toMatchObject({ code: "volume_key" });
    expect(bob.laptop.network.asked.filter((route) => WRITES.includes(route))).toEqual([]);
    bob.laptop.network.behave();
    await acceptFirst(bob.laptop);
    expect(await bob.laptop.readText("/Folder/one.txt")).toBe("one");
  });
});

/** The head with another key for somebody, in an envelope that is right in everything but what the list commits to. */
async function otherEnvelope(
  head: WireHead,
  options: {
    readonly volumeKey: Uint8Array;
    readonly sender: { readonly fingerprint: Uint8Array; readonly signatureSeed: Uint8Array };
    readonly recipient: Uint8Array;
  },
): Promise<WireHead> {
  const { volumeKey, sender, recipient } = options;
  const manifest = decodeManifest(decoded(head.manifests.at(-1)!));
  const identity = head.identities
    .map((text) => decodeIdentity(decoded(text)))
    .find(({ fingerprint }) => equalBytes(fingerprint, recipient))!;
  const header = encodeEnvelopeHeader({
    ...{ volumeId: manifest.volumeId, g: manifest.g, manifestVersion: manifest.version },
    ...{ senderFingerprint: sender.fingerprint, recipientFingerprint: recipient },
  });
  const info = envelopeInfo(header);
  const secret = concatBytes(volumeKey, uint64(0), new Uint8Array(32));
  const signature = signLabelled("envelope", sender.signatureSeed, envelopeMessage(info, manifest.hash, secret));
  const { enc, ciphertext } = await hpkeSeal({
    ...{ recipientPublicKey: identity.sealingKey, info, aad: manifest.hash },
    plaintext: concatBytes(secret, signature),
  });
  return { ...head, envelopes: [toBase64Url(encodeEnvelope(header, enc, ciphertext))] };
}
