import { open, rm } from "node:fs/promises";
import type { RecipientKeyPair } from "@excalibur/sdk/standalone";
import { LocalFileError, locally } from "../local-files/local-error.ts";
import { CommandError } from "../terminal/failure.ts";

/** Writes a new file that only its owner reads (spec/standalone.md §6). Never takes the place of another one. */
export async function createKeyFile(path: string, pair: RecipientKeyPair): Promise<void> {
  try {
    await locally(async () => {
      const file = await open(path, "wx", 0o600);
      try {
        await file.writeFile(textOf(pair));
        await file.sync();
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      } finally {
        await file.close();
      }
    });
  } catch (error) {
    if (!(error instanceof LocalFileError) || error.code !== "local_exists") throw error;
    const message = `${path} exists already and is never overwritten: it may hold another key. Name a new file.`;
    throw new CommandError("local_exists", message);
  }
}

function textOf({ publicText, secretText }: RecipientKeyPair): string {
  return [
    "# Secret recipient key of Excalibur. Whoever has it opens every file that was sealed to it.",
    "# Its public half, for those who seal:",
    `# ${publicText}`,
    secretText,
    "",
  ].join("\n");
}
