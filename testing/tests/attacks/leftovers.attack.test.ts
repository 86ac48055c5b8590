/** Answers with more in them than was asked for. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refusalOf } from "../../src/attacks/index.ts";
import { type Device, World } from "../../src/index.ts";

/** More than the connections that a client keeps to one server. */
const OFTEN = 12;

let world: World;
let phone: Device;

beforeAll(async () => {
  world = await World.start();
  const { alice } = await world.people("alice");
  ({ phone } = alice);
  for (const name of ["one", "two", "three"]) await alice.laptop.write(`/small/${name}`, name.repeat(100));
  await phone.catchUp();
});
afterAll(() => world[Symbol.asyncDispose]());

/** All small files in one batch, to a folder of this machine. */
async function getAll(): Promise<void> {
  await phone.getTree("/small", await world.localFolder("small"));
}

describe("an answer to many small files", () => {
  it("G6 with much behind them holds no connection: what is asked after it is answered", async () => {
    const evil = await world.turnEvil();
    evil.alter("fetchObjects", (body) => Buffer.concat([body, Buffer.alloc(3_000_000, 1)]));
    for (let time = 0; time < OFTEN; time++) {
      const outcome = await getAll().catch((error: unknown) => error);
      if (outcome !== undefined) expect(outcome).toMatchObject({ code: "gateway" });
    }
    expect(evil.asked.filter((route) => route === "fetchObjects").length).toBeGreaterThanOrEqual(OFTEN);
    evil.behave();
    await getAll();
  });

  it("C7 that announces more than any batch holds is refused at once, and not read", async () => {
    let asked = 0;
    phone.network.interfere("fetchObjects", async (_, ask) => {
      asked += 1;
      const answer = await ask();
      const body = Buffer.from(answer.body);
      body.writeUInt32BE(2 ** 32 - 1, 16);
      return { ...answer, headers: { ...answer.headers, "content-length": String(10 ** 12) }, body };
    });
    expect((await refusalOf(getAll())).code).toBe("gateway");
    expect(asked).toBe(1);
    phone.network.behave();
    await getAll();
  });
});
