import { readFile } from "node:fs/promises";
import { fromHex } from "@excalibur/core/bytes";
import { locally } from "../local-files/local-error.ts";
import type { Run } from "../run.ts";
import { UsageError } from "../terminal/failure.ts";
import { readLines } from "../terminal/prompts.ts";

export interface LegacyKeyFlags {
  readonly keyFile?: string;
  readonly keyStdin?: boolean;
}

const LENGTHS: readonly number[] = [16, 24, 32];

/** The key of the earlier drive: hexadecimal text, or a file of exactly its bytes. Throws UsageError. */
export async function legacyKey(run: Run, { keyFile, keyStdin = false }: LegacyKeyFlags): Promise<Uint8Array> {
  if ((keyFile !== undefined) === keyStdin) throw new UsageError("Give the key with --key-file FILE or --key-stdin.");
  if (keyFile === undefined) return fromText((await readLines(run.terminal, 1))[0] as string);
  const bytes = await locally(() => readFile(keyFile));
  return LENGTHS.includes(bytes.length) ? new Uint8Array(bytes) : fromText(bytes.toString("latin1"));
}

function fromText(text: string): Uint8Array {
  const hex = text.trim().toLowerCase();
  if (/^[0-9a-f]*$/.test(hex) && LENGTHS.includes(hex.length / 2)) return fromHex(hex);
  throw new UsageError("The key is 32, 48 or 64 hexadecimal digits, or a file of exactly 16, 24 or 32 bytes.");
}
