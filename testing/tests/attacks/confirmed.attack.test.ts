import { isViolation } from "@excalibur/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Device, type Person, sampleBytes, World } from "../../src/index.ts";

/** From this size on some of every file is read back. */
const LARGE = sampleBytes(64 * 1024 * 1024, 9);

let world: World;
let alice: Person;

beforeAll(async () => {
  world = await World.start();
  ({ alice } = await world.people("alice"));
});
afterAll(() => world[Symbol.asyncDispose]());

function times(device: Device, route: string): number {
  return device.network.asked.filter((asked) => asked === route).length;
}

describe("a server that confirms a file and has another", () => {
  it("is found out before the file is listed, and the next attempt stores it anew", async () => {
    const { laptop, phone } = alice;
    await laptop.catchUp();
    laptop.network.alter("getObject", (body) => body.map((byte) => byte ^ 1));
    const error = await laptop.write("/film", LARGE).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "read_back_failed" });
    expect(isViolation(error)).toBe(true);
    expect(times(laptop, "postCommit")).toBe(0);
    expect(times(laptop, "completeUpload")).toBe(1);
    expect(await phone.names("/")).toEqual([]);

    laptop.network.behave();
    laptop.network.asked.length = 0;
    await laptop.write("/film", LARGE);
    expect(times(laptop, "putPart")).toBe(17);
    expect(times(laptop, "getProof")).toBe(1);
    await phone.catchUp();
    expect((await phone.read("/film")).equals(LARGE)).toBe(true);
  });

  it("is found out with a single small file, too", async () => {
    const { laptop, phone } = alice;
    await laptop.catchUp();
    laptop.network.alter("getObject", (body) => body.map((byte) => byte ^ 1));
    await expect(laptop.write("/note", Buffer.from("short"))).rejects.toMatchObject({ code: "read_back_failed" });
    laptop.network.behave();
    await laptop.write("/note", Buffer.from("short"));
    await phone.catchUp();
    expect(await phone.names("/")).toEqual(["film", "note"]);
  });
});
