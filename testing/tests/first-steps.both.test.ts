import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { World } from "../src/index.ts";

describe("storing and getting back", () => {
  it("gives a file to the second device byte for byte", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const photo = randomBytes(3_000_000);
    await alice.laptop.write("/Photos/summer.jpg", photo);
    await alice.laptop.write("/note.txt", "to myself");

    expect(await alice.phone.names("/")).toEqual(["Photos", "note.txt"]);
    expect(await alice.phone.readText("/note.txt")).toBe("to myself");
    expect((await alice.phone.read("/Photos/summer.jpg")).equals(photo)).toBe(true);
  });
});
