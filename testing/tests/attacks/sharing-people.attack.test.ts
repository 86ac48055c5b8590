/** Other keys than a person's own, shown by the server to whoever shares with them. */

import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { decodeIdentity, signIdentity } from "@excalibur/core/identity";
import { kemKeyPairFromSeed, randomBytes } from "@excalibur/core/primitives";
import { isViolation } from "@excalibur/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { expectRefused, share } from "../../src/attacks/index.ts";
import { type Person, World } from "../../src/index.ts";

interface PersonReply {
  readonly userId: string;
  readonly name: string;
  readonly records: readonly string[];
}

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

describe("another person's keys", () => {
  /** Keys of the attacker's, in an identity record with bob's name and id. */
  async function forgedIdentity(of: PersonReply, seed: Uint8Array): Promise<string> {
    const { publicKey: sealingKey } = await kemKeyPairFromSeed(randomBytes(32));
    const { userId, name } = of;
    return toBase64Url(signIdentity({ userId: decoded(userId), signatureSeed: seed, sealingKey, createdMs: 1, name }));
  }

  it("A4 at first contact are found out by the digits, and nobody is pinned", async () => {
    const { sharing } = await alice.laptop.drive;
    const digits = (await (await bob.laptop.account).whoami()).fingerprint;
    const forged = await forgedIdentity(
      { userId: (await (await bob.laptop.account).whoami()).userId, name: "bob", records: [] },
      randomBytes(32),
    );
    let ofCarol: PersonReply | undefined;
    alice.laptop.network.alterJson<PersonReply>("lookUpPerson", (reply) => {
      ofCarol = reply;
      return reply;
    });
    await sharing.contact("carol");
    await expectRefused({
      device: alice.laptop,
      lies: {
        "made-up keys": (evil) =>
          evil.alterJson<PersonReply>("lookUpPerson", (reply) => ({ ...reply, records: [forged] })),
        "somebody else's record": (evil) =>
          evil.alterJson<PersonReply>("lookUpPerson", (reply) => ({ ...reply, records: ofCarol!.records })),
        "somebody else": (evil) => evil.alterJson<PersonReply>("lookUpPerson", () => ofCarol),
        "no keys at all": (evil) => evil.alterJson<PersonReply>("lookUpPerson", (reply) => ({ ...reply, records: [] })),
      },
      act: () => sharing.verifyContact("bob", digits),
      refused: isViolation,
      ...{ toldBy: "lookUpPerson", mayFollow: [] },
    });
    expect(sharing.contacts().map(({ name, verified }) => [name, verified])).toEqual([["bob", true]]);
  });

  it("A4 at first contact do not agree with a contact link, and nobody is pinned", async () => {
    const { sharing } = await alice.laptop.drive;
    const link = await (await bob.laptop.drive).sharing.contactLink();
    const { userId } = await (await bob.laptop.account).whoami();
    const seed = randomBytes(32);
    const forged = await forgedIdentity({ userId, name: "bob", records: [] }, seed);
    let ofBob: PersonReply | undefined;
    alice.laptop.network.alterJson<PersonReply>("lookUpPerson", (reply) => {
      ofBob = reply;
      return reply;
    });
    await sharing.followContactLink(link);
    const { publicKey: sealingKey } = await kemKeyPairFromSeed(randomBytes(32));
    const first = decodeIdentity(decoded(ofBob!.records[0]!));
    const next = toBase64Url(
      signIdentity({
        ...{ userId: first.userId, signatureSeed: seed, sealingKey, createdMs: 2, name: "bob" },
        previous: { record: first, signatureSeed: seed },
      }),
    );
    await expectRefused({
      device: alice.laptop,
      lies: {
        "made-up keys": (evil) =>
          evil.alterJson<PersonReply>("lookUpPerson", (reply) => ({ ...reply, records: [forged] })),
        "new keys that bob did not sign": (evil) =>
          evil.alterJson<PersonReply>("lookUpPerson", (reply) => ({ ...reply, records: [...reply.records, next] })),
        "no keys at all": (evil) => evil.alterJson<PersonReply>("lookUpPerson", (reply) => ({ ...reply, records: [] })),
      },
      act: () => sharing.addContact(link),
      refused: isViolation,
      ...{ toldBy: "lookUpPerson", mayFollow: [] },
    });
    expect(sharing.contacts().map(({ name, verified }) => [name, verified])).toEqual([["bob", true]]);
  });

  it("A4 once they are pinned are a hard stop, also by a forged chain: nothing is made, sealed or sent", async () => {
    const { sharing } = await alice.laptop.drive;
    await share(alice.laptop, "/Folder", carol, "viewer");
    await sharing.verifyContact("bob", (await (await bob.laptop.account).whoami()).fingerprint);
    const seed = randomBytes(32);
    let honest: PersonReply | undefined;
    alice.laptop.network.alterJson<PersonReply>("lookUpPerson", (reply) => {
      honest = reply;
      return reply;
    });
    await sharing.contact("bob");
    const fresh = await forgedIdentity(honest!, seed);
    const first = decodeIdentity(decoded(honest!.records[0]!));
    const { publicKey: sealingKey } = await kemKeyPairFromSeed(randomBytes(32));
    // It says that it follows bob's first identity, and the attacker signs for him.
    const next = toBase64Url(
      signIdentity({
        ...{ userId: first.userId, signatureSeed: seed, sealingKey, createdMs: 2, name: "bob" },
        previous: { record: first, signatureSeed: seed },
      }),
    );
    const otherId = toBase64Url(randomBytes(16));
    const renamed = await forgedIdentity({ ...honest!, userId: otherId }, seed);
    await expectRefused({
      device: alice.laptop,
      lies: {
        "other keys": (evil) => evil.alterJson("lookUpPerson", () => ({ ...honest, records: [fresh] })),
        "a chain that bob did not sign": (evil) =>
          evil.alterJson("lookUpPerson", () => ({ ...honest, records: [...honest!.records, next] })),
        "the end of that chain alone": (evil) => evil.alterJson("lookUpPerson", () => ({ ...honest, records: [next] })),
        "another account of that name": (evil) =>
          evil.alterJson("lookUpPerson", () => ({ ...honest, userId: otherId, records: [renamed] })),
      },
      act: () => share(alice.laptop, "/Folder", bob),
      refused: isViolation,
      ...{ toldBy: "lookUpPerson", mayFollow: [] },
    });
  });
});
