import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { listCommits, type VolumeId } from "@excalibur/core/protocol";
import { COMMIT_KINDS, type CommitFields, decodeCommit, signCommit } from "@excalibur/core/volume/record";
import { Entrance } from "@excalibur/sdk/account";
import { describe, expect, it } from "vitest";
import { type Device, World } from "../../src/index.ts";

describe("a commit that gives up history", () => {
  it("D3, D6, D7 is not followed when nobody signed it who may, and never by a device whose head it gives up", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    const { laptop, phone } = alice;
    await laptop.makeFolder("/seen by both");
    await phone.catchUp();
    const { volume } = await phone.drive;
    const [owner, stranger] = await Promise.all([handOf(laptop), handOf(bob.laptop)]);
    const before = decodeCommit((await rowsOf(phone)).at(-1)!);
    const lost = { sequence: before.sequence + 1, hash: new Uint8Array(32).fill(7) };
    const rejoined = (hand: Hand, fields: Partial<CommitFields> = {}) =>
      signCommit(
        {
          ...{ ...before, kind: COMMIT_KINDS.rejoin, sequence: before.sequence + 2, timeMs: before.timeMs + 1 },
          ...{ previousCommitHash: before.hash, writerFingerprint: hand.fingerprint, abandoned: [lost] },
          ...{ changes: [], added: [], dropped: [], ...fields },
        },
        hand.signatureSeed,
      );
    const ownHead = [{ sequence: before.sequence, hash: before.hash }];
    const forgeries: [string, Uint8Array, string][] = [
      ["a stranger", rejoined(stranger), "commit_invalid"],
      ["a stranger in the owner's name", rejoined({ ...stranger, fingerprint: owner.fingerprint }), "commit_invalid"],
      ["another state", rejoined(owner, { stateRoot: new Uint8Array(32).fill(7) }), "commit_invalid"],
      ["nothing given up", rejoined(owner, { abandoned: [] }), "commit_invalid"],
      ["its own head", rejoined(owner, { previousCommitHash: before.previousCommitHash, abandoned: ownHead }), "fork"],
    ];
    for (const [what, commit, code] of forgeries) {
      const { sequence, hash } = decodeCommit(commit);
      const reply = {
        commits: [toBase64Url(commit)],
        headSequence: sequence,
        headHash: toBase64Url(hash),
        more: false,
      };
      phone.network.alterJson("listCommits", () => reply);
      await expect(phone.catchUp(), what).rejects.toMatchObject({ code });
      expect(volume.head.hash).toEqual(before.hash);
    }
    phone.network.behave();
    await phone.catchUp();
    expect(await phone.names("/")).toEqual(["seen by both"]);
  });
});

type Hand = { readonly fingerprint: Uint8Array; readonly signatureSeed: Uint8Array };

/** The keys with which somebody signs. */
async function handOf(device: Device): Promise<Hand> {
  const { fingerprint, signatureSeed } = await (await new Entrance(device.ports).open()).member();
  return { fingerprint, signatureSeed };
}

/** The commits that the server has, oldest first, without the genesis. */
async function rowsOf(device: Device): Promise<Uint8Array[]> {
  const { transport } = (await new Entrance(device.ports).open()).api;
  const params = { volumeId: toBase64Url((await device.drive).volume.volumeId) as VolumeId };
  return (await transport.call(listCommits, { params, query: { after: 0 } })).commits.map(fromBase64Url);
}
