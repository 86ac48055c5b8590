import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { sealSlot } from "@excalibur/core/keys";
import type { SignedIn } from "@excalibur/core/protocol";
import { isViolation, ServerAuthenticationError, SignInFailedError } from "@excalibur/sdk";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { IS_LONG } from "../../../scripts/test/long-mode.ts";
import { type Device, type Person, World } from "../../src/index.ts";

let world: World;
let alice: Person;
let bob: Person;
let tablet: Device;
let devices = 0;

beforeAll(async () => {
  // More lies in a minute than people have bad luck with passwords.
  const rateLimits = { generalPerMinute: 100_000, sensitivePerMinute: 100_000 };
  world = await World.start({ server: { rateLimits } });
  ({ alice, bob } = await world.people("alice", "bob"));
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  devices += 1;
  tablet = await alice.newDevice(`tablet ${devices}`);
});

/** Signs in on a device that is being lied to; gives the error and what was sent after the lie. */
async function signInDespite(route: string): Promise<{ error: unknown; sentAfterwards: string[] }> {
  const error = await alice.signIn(tablet, "tablet").then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const { asked } = tablet.network;
  return { error, sentAfterwards: asked.slice(asked.lastIndexOf(route) + 1) };
}

describe("a slot from the server", () => {
  /** What bob was handed out when he signed in. */
  async function handedToBob(): Promise<SignedIn> {
    const device = await bob.newDevice(`another ${devices}`);
    const { promise, resolve } = Promise.withResolvers<SignedIn>();
    device.network.alterJson<SignedIn>("signInFinish", (reply) => {
      resolve(reply);
      return reply;
    });
    await bob.signIn(device, "another");
    return promise;
  }

  it("A1 that is not the one this account sealed opens nothing, and nothing is sent any more", async () => {
    const bobs = await handedToBob();
    const attackersKey = new Uint8Array(32).fill(7);
    const lies: Record<string, (reply: SignedIn) => Promise<SignedIn> | SignedIn> = {
      "random bytes": (reply) => ({ ...reply, slot: { ...reply.slot, sealed: toBase64Url(Buffer.alloc(700, 3)) } }),
      "of another account": (reply) => ({ ...reply, slot: bobs.slot }),
      "sealed by the attacker for this account": async (reply) => {
        const place = { slotId: fromBase64Url(reply.slot.slotId), userId: fromBase64Url(reply.userId) };
        const keys = { slotKey: attackersKey, accountKey: attackersKey };
        const sealed = await sealSlot({ type: "password", generation: reply.slot.generation, ...place, ...keys });
        return { ...reply, slot: { ...reply.slot, sealed: toBase64Url(sealed) } };
      },
      "of another generation": (reply) => ({
        ...reply,
        slot: { ...reply.slot, generation: reply.slot.generation + 1 },
      }),
      "of another type": (reply) => ({ ...reply, slot: { ...reply.slot, type: 2 } }),
      "with another id": (reply) => ({ ...reply, slot: { ...reply.slot, slotId: bobs.slot.slotId } }),
    };
    for (const [what, lie] of Object.entries(lies)) {
      tablet.network.interfere("signInFinish", async (_, ask) => {
        const answer = await ask();
        const reply = await lie(JSON.parse(Buffer.from(answer.body).toString()) as SignedIn);
        const body = Buffer.from(JSON.stringify(reply));
        return { ...answer, headers: { ...answer.headers, "content-length": String(body.length) }, body };
      });
      const { error, sentAfterwards } = await signInDespite("signInFinish");
      expect(isViolation(error), `${what}: ${String(error)}`).toBe(true);
      expect(sentAfterwards, what).toEqual([]);
    }
    tablet.network.behave();
    await alice.signIn(tablet, "tablet");
  });

  it("A1 with another user, name or home volume beside it is refused", async () => {
    const bobs = await handedToBob();
    const lies: ((reply: SignedIn) => SignedIn)[] = [
      (reply) => ({ ...reply, userId: bobs.userId }),
      (reply) => ({ ...reply, name: bobs.name }),
      (reply) => ({ ...reply, homeVolumeId: bobs.homeVolumeId }),
    ];
    for (const lie of lies) {
      tablet.network.alterJson<SignedIn>("signInFinish", lie);
      const { error } = await signInDespite("signInFinish");
      expect(error).toBeInstanceOf(ServerAuthenticationError);
    }
  });
});

describe("a server that is not the one of the account", () => {
  it("B6, B7 cannot sign anybody in with another's answer, an old answer, or one of which any byte was changed", async () => {
    const bodies: string[] = [];
    const spy = await alice.newDevice(`spy ${devices}`);
    spy.network.alter("signInStart", (body) => {
      bodies.push(Buffer.from(body).toString());
      return body;
    });
    await alice.signIn(spy, "spy");
    const old = JSON.parse(bodies[0]!) as { loginResponse: string };
    const bytes = fromBase64Url(old.loginResponse).length;

    type Start = { loginResponse: string };
    const lies: Record<string, (reply: Start) => Start> = {
      "an old answer": (reply) => ({ ...reply, loginResponse: old.loginResponse }),
      nonsense: (reply) => ({ ...reply, loginResponse: toBase64Url(Buffer.alloc(bytes, 5)) }),
    };
    for (let place = 0; place < bytes; place += IS_LONG ? 1 : 107) {
      lies[`byte ${place}`] = (reply) => {
        const changed = Buffer.from(fromBase64Url(reply.loginResponse));
        changed[place] = changed[place]! ^ 1;
        return { ...reply, loginResponse: toBase64Url(changed) };
      };
    }
    const { database } = world.server.context;
    for (const [what, lie] of Object.entries(lies)) {
      // Every lie counts as an attempt of alice's; how many she has is another story.
      await database.write((tx) => tx.deleteFrom("login_attempts").execute());
      tablet.network.alterJson<Start>("signInStart", lie);
      const { error, sentAfterwards } = await signInDespite("signInStart");
      expect(error, what).toBeInstanceOf(SignInFailedError);
      expect(sentAfterwards, what).toEqual([]);
    }
    tablet.network.behave();
    await alice.signIn(tablet, "tablet");
  });

  it("B6 cannot use one person's record for another", async () => {
    await using other = await World.start();
    const people = await other.people("alice", "bob");
    const { database } = other.server.context;
    const rows = await database.read.selectFrom("accounts").select(["name", "opaque_record"]).execute();
    const recordOf = (name: string) => rows.find((row) => row.name === name)!.opaque_record;
    await database.write((tx) =>
      tx
        .updateTable("accounts")
        .set({ opaque_record: recordOf("bob") })
        .where("name", "=", "alice")
        .execute(),
    );
    const device = await people.alice.newDevice("tablet");
    await expect(people.alice.signIn(device, "tablet")).rejects.toThrow(SignInFailedError);
    people.alice.password = people.bob.password;
    await expect(people.alice.signIn(device, "tablet")).rejects.toThrow(SignInFailedError);
  });

  it("B1 cannot choose how a password is stretched: there is nothing to choose with", async () => {
    const requests: string[] = [];
    for (const extra of [{}, { kdf: { iterations: 1, memory: 8 }, version: 1, group: 1024, salt: "AAAA" }]) {
      const device = await alice.newDevice(`kdf ${devices} ${requests.length}`);
      device.network.interfere("*", async (exchange, ask) => {
        const answer = await ask();
        if (exchange.route === "signInFinish") requests.push(String(exchange.body.length));
        if (!(answer.headers["content-type"] ?? "").includes("json")) return answer;
        const body = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(answer.body).toString()), ...extra }));
        return { ...answer, headers: { ...answer.headers, "content-length": String(body.length) }, body };
      });
      await alice.signIn(device, "kdf");
    }
    expect(requests[1]).toBe(requests[0]);
  });
});

describe("what a sign-in sends", () => {
  it("B7 works once: the same proof again opens nothing", async () => {
    let body: Uint8Array | undefined;
    tablet.network.interfere("signInFinish", async (exchange, ask) => {
      body = exchange.body;
      return ask();
    });
    await alice.signIn(tablet, "tablet");
    const again = await fetch(`${world.origin}/api/sign-in/finish`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: Buffer.from(body!),
    });
    expect(again.status).toBe(401);
    expect(await again.json()).toMatchObject({ code: "sign_in_failed" });
  });
});

describe("the keyring", () => {
  it("D6 that is older, somebody else's or damaged is not taken, and what the device remembers stays", async () => {
    await using own = await World.start();
    const people = await own.people("alice", "bob");
    const { laptop, phone } = people.alice;
    type Keyring = { version: number; generation: number; sealed: string };
    const seen: Keyring[] = [];
    const remember = (keyring: Keyring) => {
      seen.push(keyring);
      return keyring;
    };
    const first = await people.alice.newDevice("first");
    first.network.alterJson<Keyring>("getKeyring", remember);
    await people.alice.signIn(first, "first");
    const ofBob = await people.bob.newDevice("of bob");
    ofBob.network.alterJson<Keyring>("getKeyring", remember);
    await people.bob.signIn(ofBob, "of bob");
    const [old, bobs] = seen as [Keyring, Keyring];

    await laptop.write("/file", "x");
    await (await laptop.account).signOut();
    await people.alice.signIn(laptop, "laptop");

    const lies: Record<string, (keyring: Keyring) => Keyring> = {
      "an older one": () => old,
      "an older one under a new number": (keyring) => ({ ...old, version: keyring.version }),
      "somebody else's": (keyring) => ({ ...bobs, version: keyring.version }),
      "one with a flipped bit": (keyring) => {
        const sealed = Buffer.from(fromBase64Url(keyring.sealed));
        sealed[200] = sealed[200]! ^ 1;
        return { ...keyring, sealed: toBase64Url(sealed) };
      },
    };
    for (const [what, lie] of Object.entries(lies)) {
      const fresh = await people.alice.newDevice(`fresh for ${what}`);
      fresh.network.alterJson<Keyring>("getKeyring", lie);
      const isOlder = what === "an older one";
      const signingIn = people.alice.signIn(fresh, "fresh");
      // A device without memory cannot know that an old keyring is old; one that remembers does.
      if (isOlder) await signingIn;
      else await expect(signingIn, what).rejects.toSatisfy(isViolation);
    }
    const remembering = await people.alice.device("remembering");
    remembering.network.alterJson<Keyring>("getKeyring", () => old);
    await expect(people.alice.signIn(remembering, "remembering")).rejects.toMatchObject({ code: "rollback" });
    expect(await remembering.readText("/file")).toBe("x");
    expect(await phone.readText("/file")).toBe("x");
  });
});
