/** Valid records of the wrong kind, person and time, in every place where a server hands out records. */

import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { ExcaliburError } from "@excalibur/core/protocol";
import { isViolation } from "@excalibur/sdk";
import { Entrance } from "@excalibur/sdk/account";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { IS_LONG } from "../../../scripts/test/long-mode.ts";
import { forgetDrive, refusalOf, truthOf } from "../../src/attacks/index.ts";
import { type Device, type Person, World } from "../../src/index.ts";

interface Head {
  commit: string;
  genesis: string;
  manifests: string[];
  envelopes: string[];
  identities: string[];
}
interface Commits {
  commits: string[];
}
interface Keyring {
  sealed: string;
}

/** What one person's devices were handed out, by kind. */
type Records = Readonly<Record<string, Uint8Array>>;

let world: World;
let alice: Person;
let phone: Device;
/** By whose and when: `alice's`, `bob's`, `alice's earlier`. */
const handedOut = new Map<string, Records>();

beforeAll(async () => {
  world = await World.start();
  const people = await world.people("alice", "bob");
  ({ alice } = people);
  phone = alice.phone;
  for (const person of [people.alice, people.bob]) await person.laptop.write("/folder/file", "x".repeat(400));
  handedOut.set("alice's earlier", await collect(alice));
  await alice.laptop.write("/folder/another", "y".repeat(400));
  await (await alice.laptop.account).signOut();
  await alice.signIn(alice.laptop, "laptop");
  handedOut.set("alice's", await collect(alice));
  handedOut.set("bob's", await collect(people.bob));
});
afterAll(() => world[Symbol.asyncDispose]());

/** Reads honestly on a device that forgot its drive, and keeps what travelled. */
async function collect(person: Person): Promise<Records> {
  const device = await forgetDrive(world, person === alice ? phone : person.phone);
  if (person === alice) phone = device;
  const got: Record<string, Uint8Array> = {};
  const { network } = device;
  network.alterJson<Head>("getHead", (reply) => {
    for (const kind of ["commit", "genesis"] as const) got[kind] = fromBase64Url(reply[kind]);
    got["manifest"] = fromBase64Url(reply.manifests[0]!);
    got["identity"] = fromBase64Url(reply.identities[0]!);
    got["envelope"] = fromBase64Url(reply.envelopes[0]!);
    return reply;
  });
  network.alter("fetchPages", (body) => {
    got["page"] = body.slice(4, 4 + Buffer.from(body).readUInt32BE(0));
    return body;
  });
  network.alter("getObject", (body) => {
    got["content"] ??= body.slice();
    return body;
  });
  network.alterJson<Keyring>("getKeyring", (reply) => {
    got["keyring"] = fromBase64Url(reply.sealed);
    return reply;
  });
  await device.read("/folder/file");
  await (await new Entrance(device.ports).open()).refresh();
  network.behave();
  return got;
}

/** A place at which a server hands out a record, and what somebody does to whom it is handed. */
interface Place {
  /** What belongs there. */
  readonly kind: string;
  readonly lie: (device: Device, record: Uint8Array) => void;
  readonly act: (device: Device) => Promise<unknown>;
  /** Whether it has to be asked for again, by a device that forgot its drive. */
  readonly isForgotten: boolean;
}

const inHead = (kind: string, put: (reply: Head, record: string) => unknown): Place => ({
  kind,
  lie: ({ network }, record) =>
    network.alterJson<Head>("getHead", (reply) => {
      put(reply, toBase64Url(record));
      return reply;
    }),
  act: (device) => device.names("/"),
  isForgotten: true,
});

const PLACES: Readonly<Record<string, Place>> = {
  "the head": inHead("commit", (reply, record) => Object.assign(reply, { commit: record })),
  "the first commit": inHead("genesis", (reply, record) => Object.assign(reply, { genesis: record })),
  "the member list": inHead("manifest", (reply, record) => Object.assign(reply, { manifests: [record] })),
  "a member's identity": inHead("identity", (reply, record) => Object.assign(reply, { identities: [record] })),
  "the newest commit": {
    kind: "commit",
    lie: ({ network }, record) =>
      network.alterJson<Commits>("listCommits", (reply) => ({ ...reply, commits: [toBase64Url(record)] })),
    act: (device) => device.catchUp(),
    isForgotten: false,
  },
  "a folder's page": {
    kind: "page",
    lie: ({ network }, record) =>
      network.alter("fetchPages", () => {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(record.length);
        return Buffer.concat([length, record]);
      }),
    act: (device) => device.names("/"),
    isForgotten: true,
  },
  "the keyring": {
    kind: "keyring",
    lie: ({ network }, record) =>
      network.alterJson<Keyring>("getKeyring", (reply) => ({ ...reply, sealed: toBase64Url(record) })),
    act: async (device) => (await new Entrance(device.ports).open()).refresh(),
    isForgotten: false,
  },
};

/** Requests that write something or tell the server anything. */
const WRITES = ["postCommit", "putPages", "putKeyring", "postBatch", "createUpload"];

describe("a record", () => {
  it("A5 in its own place is believed, in every place", async () => {
    for (const place of Object.values(PLACES)) {
      if (place.isForgotten) phone = await forgetDrive(world, phone);
      await place.act(phone);
    }
  });

  describe.each(Object.entries(PLACES))("in the place of %s", (name, place) => {
    const all = [
      ...["alice's", "alice's earlier", "bob's"].flatMap((whose) =>
        ["commit", "genesis", "manifest", "identity", "envelope", "page", "content", "keyring"].map(
          (kind) => [whose, kind] as const,
        ),
      ),
    ];

    // Each record in each place in the long mode; every day a third of them, another third in every place.
    const offset = Object.keys(PLACES).indexOf(name);
    const wrong = IS_LONG ? all : all.filter((_, index) => (index + offset) % 3 === 0);

    it("A5, D1 of every other kind, person and time is refused, and nothing that is believed changes", async () => {
      const right = handedOut.get("alice's")![place.kind]!;
      for (const [whose, kind] of wrong) {
        const record = handedOut.get(whose)![kind]!;
        if (Buffer.compare(record, right) === 0) continue;
        if (place.isForgotten) phone = await forgetDrive(world, phone);
        const before = await truthOf(phone);
        const asked = phone.network.asked.length;
        place.lie(phone, record);
        const error = await refusalOf(place.act(phone));
        const what = `${whose} ${kind}: ${error.name} ${error.code}`;
        expect(error, what).toBeInstanceOf(ExcaliburError);
        // An unknown kind may be of a newer version, which is no sign of tampering.
        expect(isViolation(error) || error.code === "unsupported", what).toBe(true);
        expect(
          phone.network.asked.slice(asked).filter((route) => WRITES.includes(route)),
          what,
        ).toEqual([]);
        phone.network.behave();
        // A page that is wrong is no reason to forget the verified head, which may stand meanwhile.
        if (place.kind !== "page") expect(await truthOf(phone), what).toEqual(before);
      }
      expect(await phone.readText("/folder/another")).toBe("y".repeat(400));
    });
  });
});
