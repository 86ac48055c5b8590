/** A server and a stranger who make themselves members: lists of members, keys and changes that nobody who may has signed. */

import { concatBytes, fromBase64Url, toBase64Url, uint64 } from "@excalibur/core/bytes";
import {
  decodeIdentity,
  encodeEnvelope,
  encodeEnvelopeHeader,
  envelopeInfo,
  envelopeMessage,
} from "@excalibur/core/identity";
import { signLabelled } from "@excalibur/core/labels";
import { hpkeSeal } from "@excalibur/core/primitives";
import {
  COMMIT_KINDS,
  commitToVolumeKey,
  decodeCommit,
  decodeManifest,
  type ManifestFields,
  ROLES,
  signCommit,
  signManifest,
} from "@excalibur/core/volume/record";
import { isViolation } from "@excalibur/sdk";
import { Entrance } from "@excalibur/sdk/account";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectRefused, forgetDrive } from "../../src/attacks/index.ts";
import { type Device, type EvilServer, type Person, problemAnswer, World } from "../../src/index.ts";

interface Head {
  readonly commit: string;
  readonly genesis: string;
  readonly manifests: readonly string[];
  readonly envelopes: readonly string[];
  readonly identities: readonly string[];
  readonly previousKeys: readonly unknown[];
}
interface Hand {
  readonly subjectId: Uint8Array;
  readonly fingerprint: Uint8Array;
  readonly signatureSeed: Uint8Array;
}

const ATTACKERS_KEY = new Uint8Array(32).fill(0x5a);
const WRITES = ["putPages", "postBatch", "createUpload"];

let world: World;
let phone: Device;
/** What an honest server says of alice's drive, and of bob's. */
let honest: Head;
let ofBob: Head;
let stranger: Hand;

async function headOf(device: Device): Promise<Head> {
  const { promise, resolve } = Promise.withResolvers<Head>();
  device.network.alterJson<Head>("getHead", (reply) => {
    resolve(reply);
    return reply;
  });
  await device.names("/");
  device.network.behave();
  return promise;
}

async function handOf(person: Person): Promise<Hand> {
  return (await new Entrance(person.laptop.ports).open()).member();
}

beforeAll(async () => {
  world = await World.start();
  const { alice, bob } = await world.people("alice", "bob");
  for (const person of [alice, bob]) await person.laptop.makeFolder("/there");
  phone = alice.phone;
  honest = await headOf(phone);
  ofBob = await headOf(bob.phone);
  stranger = await handOf(bob);
});
afterAll(() => world[Symbol.asyncDispose]());

/** A key for alice, in an envelope that fits its form, by the stranger. */
async function envelopeWith(volumeKey: Uint8Array, manifest: ReturnType<typeof decodeManifest>): Promise<string> {
  const alice = decodeIdentity(fromBase64Url(honest.identities[0]!));
  const owner = decodeManifest(fromBase64Url(honest.manifests[0]!)).ownerFingerprint;
  const header = encodeEnvelopeHeader({
    ...{ volumeId: manifest.volumeId, g: manifest.g, manifestVersion: manifest.version },
    ...{ senderFingerprint: stranger.fingerprint, recipientFingerprint: owner },
  });
  const info = envelopeInfo(header);
  const secret = concatBytes(volumeKey, uint64(0), new Uint8Array(32));
  const signature = signLabelled("envelope", stranger.signatureSeed, envelopeMessage(info, manifest.hash, secret));
  const { enc, ciphertext } = await hpkeSeal({
    ...{ recipientPublicKey: alice.sealingKey, info, aad: manifest.hash },
    plaintext: concatBytes(secret, signature),
  });
  return toBase64Url(encodeEnvelope(header, enc, ciphertext));
}

/** The drive as the stranger would like it to go on: his list of members, a commit that brings it in, a key, his identity. */
async function forgedHead(change: Partial<ManifestFields>): Promise<Head> {
  const previous = decodeManifest(fromBase64Url(honest.manifests[0]!));
  const head = decodeCommit(fromBase64Url(honest.commit));
  const manifest = decodeManifest(
    signManifest(
      {
        ...previous,
        ...{ version: 1, previousManifestHash: previous.hash, nonce: new Uint8Array(32) },
        ...{ signerFingerprint: stranger.fingerprint, members: [...previous.members] },
        ...change,
      },
      stranger.signatureSeed,
    ),
  );
  const commit = signCommit(
    {
      ...head,
      ...{ sequence: head.sequence + 1, kind: COMMIT_KINDS.members, previousCommitHash: head.hash },
      ...{ timeMs: head.timeMs + 1, manifestVersion: 1, manifestHash: manifest.hash, g: manifest.g },
      ...{ writerFingerprint: manifest.signerFingerprint, changes: [], added: [], dropped: [] },
    },
    stranger.signatureSeed,
  );
  return {
    ...honest,
    commit: toBase64Url(commit),
    manifests: [...honest.manifests, toBase64Url(manifest.bytes)],
    envelopes: [await envelopeWith(ATTACKERS_KEY, manifest)],
    identities: [...honest.identities, ...ofBob.identities],
  };
}

async function forgeries(): Promise<Record<string, Head>> {
  const first = decodeManifest(fromBase64Url(honest.manifests[0]!));
  const { volumeId, ownerFingerprint } = first;
  const vkCommitment = commitToVolumeKey({ volumeId, g: 1 }, ATTACKERS_KEY);
  const joined = { subjectId: stranger.subjectId, fingerprint: stranger.fingerprint, role: ROLES.editor, addedMs: 1 };
  const owner = [...first.members][0]!;
  const newKey = { g: 1, vkCommitment };
  return {
    "a new key, by a stranger": await forgedHead(newKey),
    "a new key, in the owner's name": await forgedHead({ ...newKey, signerFingerprint: ownerFingerprint }),
    "a member more, by himself": await forgedHead({ members: [owner, joined] }),
    "a member more, in the owner's name": await forgedHead({
      ...{ members: [owner, joined], signerFingerprint: ownerFingerprint },
    }),
    "another owner": await forgedHead({
      ownerFingerprint: stranger.fingerprint,
      members: [
        { ...owner, role: ROLES.editor },
        { ...joined, role: ROLES.owner },
      ],
    }),
    "the owner without a role": await forgedHead({
      ...{ ...newKey, ownerFingerprint: stranger.fingerprint },
      members: [{ ...joined, role: ROLES.owner }],
    }),
    "no list at all": { ...honest, manifests: [] },
    "the same list twice": { ...honest, manifests: [...honest.manifests, ...honest.manifests] },
    "another drive's list": { ...honest, manifests: ofBob.manifests },
    "another drive's first commit": { ...honest, genesis: ofBob.genesis },
    "another drive": ofBob,
    "nobody's identity": { ...honest, identities: [] },
    "other people's identities": { ...honest, identities: ofBob.identities },
  };
}

describe("members, keys and changes that nobody who may has signed", () => {
  it("A3, D3 are refused by a device that follows, which seals nothing and remembers what it knew", async () => {
    const lies = Object.entries(await forgeries()).filter(([, { commit }]) => commit !== honest.commit);
    await expectRefused({
      device: phone,
      lies: Object.fromEntries(lies.map(([what, head]) => [what, (evil: EvilServer) => follow(evil, head)])),
      act: () => phone.makeFolder("/under whose key"),
      refused: isViolation,
      // What it had sealed before it was told of them was sealed under its own key; afterwards it seals nothing.
      ...{ toldBy: "listCommits", mayFollow: ["getHead"] },
    });
  });

  it("A3, D3 are refused by a device that knows nothing yet, which seals nothing and remembers nothing", async () => {
    for (const [what, head] of Object.entries(await forgeries())) {
      const device = await forgetDrive(world, phone);
      phone = device;
      await expectRefused({
        device,
        lies: { [what]: (evil) => evil.alterJson("getHead", () => head) },
        act: () => device.makeFolder(`/${what}`),
        refused: isViolation,
      });
      expect(
        device.network.asked.filter((route) => WRITES.includes(route)),
        what,
      ).toEqual(["putPages"]);
    }
  });
});

/** The forged head as the commit that follows, with everything that would prove it. */
function follow(evil: EvilServer, head: Head): void {
  const { sequence, hash } = decodeCommit(fromBase64Url(head.commit));
  evil.alterJson("getHead", () => head);
  evil.alterJson("listCommits", () => ({
    ...{ commits: [head.commit], headSequence: sequence, headHash: toBase64Url(hash), more: false },
  }));
  // The head has moved, says a server that wants to be followed.
  evil.interfere("postCommit", async () => problemAnswer("head_moved", 409));
}
