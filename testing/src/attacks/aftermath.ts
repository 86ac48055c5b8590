import { createHash } from "node:crypto";
import { ExcaliburError } from "@excalibur/core/bytes";
import { expect } from "vitest";
import type { EvilServer } from "../evil-server/index.ts";
import type { Device } from "../world/index.ts";

/** Tables of a device's state in which it remembers what it believes; the others hold copies that may be fetched again. */
const TRUTHS = ["volume-heads", "volume-pages", "keyring"];

/** What a device believes: one line for each row, and the rows that are gone are missing. */
export async function truthOf(device: Device): Promise<Map<string, string>> {
  const truth = new Map<string, string>();
  for (const table of TRUTHS) {
    for await (const [key, value] of device.ports.cache.list(table)) {
      truth.set(`${table}/${key}`, createHash("sha256").update(value).digest("hex"));
    }
  }
  return truth;
}

/** Why something failed; a failure of the program itself, which no server may cause, is thrown on. */
export async function refusalOf(action: Promise<unknown>): Promise<ExcaliburError> {
  let outcome: unknown;
  try {
    outcome = await action;
  } catch (error) {
    if (error instanceof ExcaliburError) return error;
    throw error;
  }
  throw new Error(`It was believed, and gave ${JSON.stringify(outcome) ?? "nothing"}.`);
}

export interface Lies {
  readonly device: Device;
  /** By what each of them is. */
  readonly lies: Readonly<Record<string, (evil: EvilServer) => void>>;
  /** What the person does; it has to succeed where nobody lies. */
  readonly act: () => Promise<unknown>;
  /** Which refusal is right. */
  readonly refused: (error: ExcaliburError) => boolean;
  /** What is allowed to follow a lie; everything else that is asked after it fails the test. */
  readonly mayFollow?: readonly string[];
  /** At a request of this route the lie has been told. */
  readonly toldBy?: string;
}

/** Every lie is refused with a typed error, followed by no request that was not foreseen, and changes nothing the device believes; without lies the same act succeeds. */
export async function expectRefused({ device, lies, act, refused, mayFollow, toldBy }: Lies): Promise<void> {
  for (const [what, lie] of Object.entries(lies)) {
    const before = await truthOf(device);
    const asked = device.network.asked.length;
    lie(device.network);
    const error = await refusalOf(act());
    device.network.behave();
    expect(refused(error), `${what}: ${error.name} (${error.code}) ${error.message}`).toBe(true);
    expect(await truthOf(device), what).toEqual(before);
    if (mayFollow === undefined || toldBy === undefined) continue;
    const all = device.network.asked.slice(asked);
    const after = all.slice(all.indexOf(toldBy) + 1);
    expect(
      after.filter((route) => route !== toldBy && !mayFollow.includes(route)),
      what,
    ).toEqual([]);
  }
  await act();
}
