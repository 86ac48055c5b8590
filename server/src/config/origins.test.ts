import { networkInterfaces } from "node:os";
import { expect, it } from "vitest";
import { lanAddresses, lanOrigins, localOrigin, machineNames, ownNames, ownOrigins } from "./origins.ts";

const at = { port: 1234, publicUrls: [] };

it("on this machine only answers to its loopback names", () => {
  const origins = ownOrigins({ ...at, host: "127.0.0.1", https: false });
  expect([...origins].sort()).toEqual(["http://127.0.0.1:1234", "http://[::1]:1234", "http://localhost:1234"]);
  expect(lanOrigins({ ...at, host: "127.0.0.1", https: false })).toEqual([]);
});

it("on every network answers to every address and name of the machine, by the scheme it speaks", () => {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal }) => !internal);
  const origins = ownOrigins({ port: 443, host: "0.0.0.0", https: true, publicUrls: ["https://drive.example.org/x"] });
  for (const { address, family } of addresses.filter((one) => !one.address.startsWith("fe80:")))
    expect(origins).toContain(
      `https://${family === "IPv6" ? `[${new URL(`http://[${address}]`).hostname.slice(1, -1)}]` : address}`,
    );
  for (const name of ["localhost", ...machineNames()]) expect(origins).toContain(`https://${name}`);
  expect(origins).toContain("https://drive.example.org");
  expect([...origins].filter((origin) => !origin.startsWith("https:"))).toEqual([]);
  expect(lanOrigins({ port: 443, host: "0.0.0.0", https: true })).toHaveLength(lanAddresses().length);
  expect(ownNames()).toEqual(expect.arrayContaining(["127.0.0.1", "::1", ...lanAddresses()]));
});

it("is called by its loopback address on the machine itself", () => {
  expect(localOrigin({ host: "0.0.0.0", port: 1, https: true })).toBe("https://127.0.0.1:1");
  expect(localOrigin({ host: "::1", port: 1, https: false })).toBe("http://[::1]:1");
});
