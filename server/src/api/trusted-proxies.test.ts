import { expect, it } from "vitest";
import { testServer } from "../testing/index.ts";

/** How many requests of three people behind one proxy pass where one a minute is allowed. */
async function passed(options: { publicUrls: string[]; trustedProxies: string[] }): Promise<number> {
  const rateLimits = { generalPerMinute: 1, sensitivePerMinute: 1 };
  await using test = await testServer({ ...options, rateLimits });
  let count = 0;
  for (const person of ["198.51.100.1", "198.51.100.2", "198.51.100.3"]) {
    const headers = { "x-forwarded-for": person };
    const { status } = await fetch(`${test.server.origin}/api/well-known/version`, { headers });
    if (status === 200) count += 1;
  }
  return count;
}

const publicUrls = ["https://drive.example.org"];

it.each([
  [{ publicUrls, trustedProxies: ["loopback"] }, 3],
  [{ publicUrls, trustedProxies: ["10.0.0.0/8", "127.0.0.0/8"] }, 3],
  [{ publicUrls, trustedProxies: ["10.0.0.0/8"] }, 1],
  [{ publicUrls, trustedProxies: [] }, 1],
  [{ publicUrls: [], trustedProxies: ["loopback"] }, 1],
])("with %o %i of three are told apart", async (options, count) => {
  expect(await passed(options)).toBe(count);
});
