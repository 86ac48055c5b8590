/** A server that shows different devices, or one device at different times, different histories. */

import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { decodeCommit, signCommit } from "@excalibur/core/volume/record";
import { isViolation } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { refusalOf, truthOf } from "../../src/attacks/index.ts";
import { type Device, decodeJson, World } from "../../src/index.ts";

interface Commits {
  readonly commits: readonly string[];
  readonly headSequence: number;
  readonly headHash: string;
}

async function evidenceOn(device: Device): Promise<Uint8Array[]> {
  const kept: Uint8Array[] = [];
  for await (const [, commit] of device.ports.cache.list("volume-evidence")) kept.push(commit);
  return kept;
}

describe("a server with two histories", () => {
  it("D7 cannot show one device the work of another without showing it that its own was left out", async () => {
    // given: two devices that agreed, and one of which is kept from the other's news while both write
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.makeFolder("/common");
    await phone.catchUp();
    const backup = await world.backUp();
    await laptop.makeFolder("/of the laptop");
    const branch = await world.backUp();
    await world.restore(backup);
    await phone.makeFolder("/of the phone");
    await phone.makeFolder("/of the phone, too");
    // when: the phone's branch is what everybody is shown from now on
    laptop.network.record();
    const before = await truthOf(laptop);
    const error = await refusalOf(laptop.catchUp());
    // then
    expect(error.code).toBe("fork");
    expect(await truthOf(laptop)).toEqual(before);
    expect((await evidenceOn(laptop)).length).toBe(2);
    expect((await refusalOf(laptop.makeFolder("/on neither"))).code).toBe("fork");
    // What it tried to add was an addition to its own history.
    const posted = laptop.network.recorded.findLast(({ route }) => route === "postCommit")!;
    const { commit } = decodeJson<{ commit: string }>(posted.body);
    const { hash } = (await laptop.drive).volume.head;
    expect(decodeCommit(fromBase64Url(commit)).previousCommitHash).toEqual(hash);
    // control: under the history that it knows, everything goes on
    await world.restore(branch);
    await laptop.makeFolder("/goes on");
    expect(await laptop.names("/")).toEqual(["common", "goes on", "of the laptop"]);
  });

  it("D7 cannot make evidence of it: only what a member signed is kept", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    await laptop.makeFolder("/common");
    const { head, volumeId } = (await laptop.drive).volume;
    const honest = decodeCommit(await commitOf(laptop));
    const forged = (sequence: number) =>
      signCommit(
        { ...honest, volumeId, sequence, previousCommitHash: new Uint8Array(32).fill(9) },
        new Uint8Array(32).fill(7),
      );
    const next = forged(head.sequence + 1);
    laptop.network.alterJson<Commits>("listCommits", (reply) => ({
      ...reply,
      commits: [toBase64Url(next)],
      headSequence: head.sequence + 1,
    }));
    expect(isViolation(await refusalOf(laptop.catchUp()))).toBe(true);
    const same = forged(head.sequence);
    laptop.network.alterJson<Commits>("listCommits", (reply) => ({
      ...reply,
      headHash: toBase64Url(decodeCommit(same).hash),
    }));
    laptop.network.alterJson("getHead", (reply) => ({ ...reply, commit: toBase64Url(same) }));
    expect((await refusalOf(laptop.catchUp())).code).toBe("fork");
    for (const commit of await evidenceOn(laptop)) expect(decodeCommit(commit).hash).toEqual(honest.hash);
    laptop.network.behave();
    await laptop.makeFolder("/goes on");
  });
});

/** The commit at a device's accepted head. */
async function commitOf(device: Device): Promise<Uint8Array> {
  for await (const [, row] of device.ports.cache.list("volume-heads")) {
    return fromBase64Url((JSON.parse(Buffer.from(row).toString()) as { commit: string }).commit);
  }
  throw new Error("This device has accepted nothing yet.");
}
