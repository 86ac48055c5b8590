/** Invitations for people without an account: whom a server may bring into a folder by them. */

import { concatBytes, fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { claimMessage, encodeLinkIdentity } from "@excalibur/core/identity";
import { linkKeys, parseLinkAddress } from "@excalibur/core/keys";
import { signLabelled } from "@excalibur/core/labels";
import { kemKeyPairFromSeed, randomBytes, sha256, signatureKeyPairFromSeed } from "@excalibur/core/primitives";
import { type Claim, getIdentity, type Link } from "@excalibur/core/protocol";
import type { LinkInfo } from "@excalibur/sdk";
import { Entrance } from "@excalibur/sdk/account";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { headOf, refusalOf } from "../../src/attacks/index.ts";
import { type Device, type Person, World } from "../../src/index.ts";

let world: World;
let alice: Person;
let bob: Person;
let carol: Person;

beforeEach(async () => {
  world = await World.start();
  ({ alice, bob, carol } = await world.people("alice", "bob", "carol"));
  await alice.laptop.write("/Folder/one.txt", "one");
  await alice.laptop.write("/Other/two.txt", "two");
});
afterEach(() => world[Symbol.asyncDispose]());

type Invitation = LinkInfo & { readonly address: string };

async function invite(path: string): Promise<Invitation> {
  return (await (await alice.laptop.drive).links.invite(await alice.laptop.find(path))) as Invitation;
}

async function take(device: Device, { address }: Invitation) {
  return await (await device.drive).claims.take({ address, client: "cli" });
}

/** What Alice's laptop makes of it: who came in, and with which codes others did not. */
async function settle() {
  const codes: unknown[] = [];
  const { claims } = await alice.laptop.drive;
  const welcomed = await claims.settle({ onProblem: (error) => codes.push((error as { code?: unknown }).code) });
  return { names: welcomed.map(({ name }) => name), codes };
}

async function members(path: string): Promise<string[]> {
  const { sharing } = await alice.laptop.drive;
  return (await sharing.members(await alice.laptop.find(path))).map(({ name }) => name).sort();
}

/** The server tells Alice of claims as it likes. */
function tell(change: (claim: Claim | undefined, link: Link) => Claim | undefined): void {
  alice.laptop.network.alterJson<{ links: Link[] }>("listLinks", ({ links }) => ({
    links: links.map(({ claim, ...link }) => {
      const told = change(claim, link);
      return { ...link, ...(told && { claim: told }) };
    }),
  }));
}

/** An account as the server would show it. */
async function accountOf({ laptop }: Person): Promise<Pick<Claim, "userId" | "records">> {
  const { api, userId } = await new Entrance(laptop.ports).open();
  const params = { userId: toBase64Url(userId) as Claim["userId"] };
  const { records } = await api.transport.call(getIdentity, { params });
  return { userId: params.userId, records };
}

describe("an invitation", () => {
  it("E14 brings in nobody whom its key has not named, whatever the server says of claims", async () => {
    const [first, second] = [await invite("/Folder"), await invite("/Other")];
    await take(bob.laptop, first);
    const carols = await accountOf(carol);
    const serverNonce = toBase64Url(randomBytes(32));

    // Another identity under the signature that Bob was given.
    tell((claim) => claim && { ...claim, ...carols });
    expect(await settle()).toEqual({ names: [], codes: ["claim_forged"] });
    // A signature by a key that the server has made, alone and with that key as the invitation's.
    const seed = randomBytes(32);
    const { publicKey: signatureKey } = signatureKeyPairFromSeed(seed);
    const { publicKey: sealingKey } = await kemKeyPairFromSeed(randomBytes(32));
    const madeUp = (linkId: string) =>
      toBase64Url(encodeLinkIdentity({ subjectId: fromBase64Url(linkId), signatureKey, sealingKey }));
    for (const isWhole of [false, true]) {
      tell((claim, { linkId }) => {
        const signature = signedBy(seed, { linkId, serverNonce, ...carols });
        const forged = claim && { ...claim, ...carols, serverNonce, signature };
        return forged && isWhole ? { ...forged, linkIdentity: madeUp(linkId) } : forged;
      });
      expect(await settle()).toEqual({ names: [], codes: ["claim_forged"] });
    }
    // Bob's claim at an invitation into another folder.
    let bobs: Claim | undefined;
    tell((claim) => {
      bobs ??= claim;
      return undefined;
    });
    expect(await settle()).toEqual({ names: [], codes: [] });
    tell((_, link) => (link.linkId === second.id ? bobs : undefined));
    expect(await settle()).toEqual({ names: [], codes: ["claim_forged"] });
    tell((_, { linkId }) => {
      if (linkId !== second.id || bobs === undefined) return undefined;
      const keys = fromBase64Url(bobs.linkIdentity).subarray(16);
      return { ...bobs, linkIdentity: toBase64Url(concatBytes(fromBase64Url(linkId), keys)) };
    });
    expect(await settle()).toEqual({ names: [], codes: ["claim_forged"] });
    expect([await members("/Folder"), await members("/Other")]).toEqual([["alice"], ["alice"]]);

    // Control: withheld for a while, it is not lost.
    alice.laptop.network.behave();
    expect(await settle()).toEqual({ names: ["bob"], codes: [] });
    expect([await members("/Folder"), await members("/Other")]).toEqual([["alice", "bob"], ["alice"]]);
  });

  it("E14 is nothing that a link becomes because its visitor and the server want so", async () => {
    const { links } = await alice.laptop.drive;
    const link = (await links.create(await alice.laptop.find("/Folder"))) as Invitation;
    const { linkId, secret } = parseLinkAddress(link.address);
    const seed = linkKeys({ linkId, secret }).signatureSeed;
    const carols = await accountOf(carol);
    const serverNonce = toBase64Url(randomBytes(32));
    const signature = signedBy(seed, { linkId: link.id, serverNonce, ...carols });
    const [linkIdentity] = (await headOf(alice.laptop, link.volumeId)).links as [string];
    tell(() => ({ ...carols, serverNonce, signature, linkIdentity, claimedMs: 1 }));
    expect(await settle()).toEqual({ names: [], codes: ["claim_forged"] });
    expect(await members("/Folder")).toEqual(["alice"]);
  });

  it("E14 signs nobody else's identity for whom it was given to", async () => {
    const invitation = await invite("/Folder");
    const carols = await accountOf(carol);
    const { network } = bob.laptop;
    network.alterJson<{ records: string[] }>("getIdentity", (reply) => ({ ...reply, records: carols.records }));
    network.record();
    expect(await refusalOf(take(bob.laptop, invitation))).toMatchObject({ code: "own_identity" });
    expect(network.asked).not.toContain("claimLink");
    network.behave();
    await take(bob.laptop, invitation);
    expect((await settle()).names).toEqual(["bob"]);
  });
});

type Signing = Pick<Claim, "records" | "serverNonce"> & { readonly linkId: string };

function signedBy(seed: Uint8Array, { linkId, serverNonce, records }: Signing): string {
  const identityHash = sha256(fromBase64Url(records.at(-1) as string));
  const nonce = fromBase64Url(serverNonce);
  const message = claimMessage({ linkId: fromBase64Url(linkId), identityHash, serverNonce: nonce });
  return toBase64Url(signLabelled("claim", seed, message));
}
