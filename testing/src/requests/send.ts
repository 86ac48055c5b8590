import type { FileToSend, InboxItem, Sending, SendOptions, SentFile } from "@excalibur/sdk";
import { bytesSource } from "../world/local-files.ts";

/** A file as a stranger sends it. */
export function fileToSend(path: string, content: Uint8Array | string): FileToSend {
  const names = path.split("/");
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { path: names, open: async () => bytesSource(names.at(-1) as string, bytes) };
}

/** Sends files and answers what became of each: "sent", "before", or the code of its error. */
export async function sendAll(
  sending: Sending,
  files: readonly FileToSend[],
  options: Omit<SendOptions<FileToSend>, "onResult"> = {},
): Promise<Record<string, string>> {
  const fates: Record<string, string> = {};
  const onResult = (result: SentFile) => {
    fates[result.file.path.join("/")] =
      "error" in result
        ? ((result.error as { code?: string }).code ?? String(result.error))
        : result.before
          ? "before"
          : "sent";
  };
  await sending.send(files, { ...options, onResult });
  return fates;
}

/** What an inbox shows, by path. */
export function byPath(items: readonly InboxItem[]): Map<string, InboxItem> {
  return new Map(items.map((item) => [item.path.join("/"), item]));
}
