import { readFile } from "node:fs/promises";
import { ExcaliburError, FormatError, UnsupportedError } from "@excalibur/core/bytes";
import { passwordProblem, WeakPasswordError } from "@excalibur/sdk";
import {
  isRecipientSecretText,
  isRecipientText,
  keyLineOf,
  parseRecipientKey,
  parseRecipientSecret,
  type RecipientKey,
  type RecipientKeyPair,
} from "@excalibur/sdk/standalone";
import { locally } from "../local-files/local-error.ts";
import type { Run } from "../run.ts";
import { CommandError, UsageError } from "../terminal/failure.ts";
import { askNewPassword, askPassword, readLines } from "../terminal/prompts.ts";
import { PIPE } from "./input.ts";

export interface PasswordFlags {
  readonly password?: boolean;
  readonly passwordStdin?: boolean;
  readonly passwordFile?: readonly string[];
}

/** For `seal`: a public key as text, or a file with one. Throws UsageError. */
export async function recipientOf(value: string): Promise<RecipientKey> {
  const text = isRecipientText(value) ? value : await keyLine(value);
  return await spelled(value, () => parseRecipientKey(text));
}

/** For `open`: a file with the secret half. Keys are never arguments. Throws UsageError. */
export async function identityOf(path: string): Promise<RecipientKeyPair> {
  if (isRecipientText(path)) {
    throw new UsageError("A secret key is never an argument, others can see it there. Name the file it is in.");
  }
  const text = await keyLine(path);
  return await spelled(path, () => parseRecipientSecret(text));
}

/** Whichever half the file holds. Throws UsageError. */
export async function keyIn(path: string): Promise<RecipientKey> {
  const text = await keyLine(path);
  return await spelled(path, () =>
    isRecipientSecretText(text) ? parseRecipientSecret(text) : parseRecipientKey(text),
  );
}

/** In the order of the flags: typed, piped in, from files. Throws UsageError, WeakPasswordError for a new one. */
export async function passwordsOf(run: Run, flags: PasswordFlags, what: { isNew: boolean; input: string }) {
  const { password: isTyped = false, passwordStdin: isPiped = false, passwordFile: files = [] } = flags;
  if (isPiped && what.input === PIPE) {
    throw new UsageError("Standard input is the file already. Give the password with --password-file FILE.");
  }
  const passwords: string[] = [];
  if (isTyped) passwords.push(await typed(run, what.isNew));
  if (isPiped) passwords.push((await readLines(run.terminal, 1))[0] as string);
  for (const file of files) passwords.push(await firstLine(file));
  for (const one of what.isNew ? passwords : []) {
    const problem = passwordProblem(one, "");
    if (problem !== undefined) throw new WeakPasswordError(problem);
  }
  return passwords;
}

async function typed(run: Run, isNew: boolean): Promise<string> {
  return isNew
    ? await askNewPassword(run, "A password for the file (at least 10 characters)")
    : await askPassword(run, "Password of the file");
}

async function firstLine(path: string): Promise<string> {
  const text = await locally(() => readFile(path, "utf8"));
  const line = /^[^\r\n]*/.exec(text)?.[0] as string;
  if (line === "") throw new UsageError(`The first line of ${path} is empty: there is no password in it.`);
  return line;
}

async function keyLine(path: string): Promise<string> {
  const text = await locally(() => readFile(path, "utf8"));
  return await spelled(path, () => keyLineOf(text));
}

/** A key that was written wrongly is a matter of the command, not of anybody's tampering. */
async function spelled<T>(value: string, parse: () => T | Promise<T>): Promise<T> {
  try {
    return await parse();
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof UnsupportedError)) throw error;
    const name = isRecipientText(value) ? "The key that was given" : value;
    throw new UsageError(`${name}: ${error.message}`);
  }
}

/** What is no matter of tampering is told as a failure. */
export function openingFailure(error: unknown): unknown {
  if (!(error instanceof ExcaliburError)) return error;
  const isPlain = error.code === "standalone_no_key" || error.code === "standalone_magic";
  return isPlain ? new CommandError(error.code, error.message, { cause: error }) : error;
}
