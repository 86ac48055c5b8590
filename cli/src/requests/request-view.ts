import type { InboxItem, OwnRequest } from "@excalibur/sdk";
import type { Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { CommandError } from "../terminal/failure.ts";
import { count, formatSize, isoTime, localTime } from "../terminal/format.ts";

/** A request by its id, or by its title if only one has that. */
export async function findRequest(run: Run, typed: string): Promise<OwnRequest> {
  const { requests } = await run.drive();
  const all = await requests.list({ signal: run.signal });
  const found = all.filter(({ id, title }) => id === typed || title === typed.normalize("NFC"));
  const [request] = found;
  if (found.length > 1)
    throw new CommandError(
      "ambiguous",
      "Several upload requests are called that. Nothing was done; name one by its id.",
    );
  if (request !== undefined) return request;
  throw new CommandError(
    "unknown_request",
    "This account has no such upload request. Nothing was done; «excalibur request list» shows those it has.",
  );
}

export function requestDocument(request: OwnRequest) {
  const { id, url, title, text, owner, types, status, waiting } = request;
  const { maxBytes, maxItems, maxFileBytes, usedBytes, usedItems, createdMs, expiresMs, problem } = request;
  return {
    ...{ id, address: url, title, text, owner, types, status, waiting },
    ...{ maxBytes, maxItems, maxFileBytes, usedBytes, usedItems },
    created: isoTime(createdMs),
    expires: expiresMs === null ? null : isoTime(expiresMs),
    problem: problem === undefined ? null : problem.message,
  };
}

export function requestLine({ id, title, status, waiting, problem }: OwnRequest): string {
  const name = problem === undefined ? shown(title) : "(does not open)";
  return `${id}  ${status.padEnd(7)}  ${count(waiting, "item").padStart(9)} waiting  ${name}`;
}

/** Everything about a request, for people. */
export function requestLines(request: OwnRequest): string[] {
  const { title, text, owner, types, status, waiting, usedBytes, maxBytes, usedItems, maxItems, expiresMs } = request;
  return [
    shown(title),
    ...(text === "" ? [] : text.split("\n").map((line) => `  ${shown(line)}`)),
    ...(owner === "" ? [] : [`asked by   ${shown(owner)}`]),
    `address    ${request.url}`,
    `state      ${status}${expiresMs === null ? "" : `, until ${localTime(expiresMs)}`}; ${count(waiting, "item")} waiting`,
    `taken      ${usedItems} of ${count(maxItems, "item")}, ${formatSize(usedBytes)} of ${formatSize(maxBytes)}`,
    `one file   up to ${formatSize(request.maxFileBytes)}${types.length === 0 ? "" : `; only ${types.join(", ")}`}`,
    ...(request.problem === undefined ? [] : [request.problem.message]),
  ];
}

export function itemDocument(item: InboxItem) {
  const { id, state, path, sizeBytes, mediaType, isUnexpected, sender, note, receipt, problem } = item;
  return {
    ...{ id, state, path: path.join("/"), size: sizeBytes, mediaType, unexpected: isUnexpected },
    modified: isoTime(item.modifiedMs),
    arrived: isoTime(item.arrivedMs),
    ...{ sender: sender ?? null, note: note ?? null, receipt: receipt ?? null },
    problem: problem === undefined ? null : { code: codeOf(problem), message: problem.message },
  };
}

function codeOf(problem: Error): string {
  return "code" in problem ? String(problem.code) : problem.name;
}

/** "id  1.5 KiB  2026-11-22 20:06  photos/ring.jpg  from “Uncle Bob”?": what a sender says of himself is in quotes. */
export function itemLine(item: InboxItem): string {
  const facts = `${item.id}  ${formatSize(item.sizeBytes).padStart(9)}  ${localTime(item.arrivedMs)}`;
  if (item.state === "unreadable") return `${facts}  (unreadable: ${item.problem?.message ?? ""})`;
  const from = item.sender === undefined ? "sender unknown" : `says to be “${shown(item.sender)}”`;
  const note = item.note === undefined ? "" : `: “${shown(item.note.replaceAll("\n", " "))}”`;
  const kind = item.isUnexpected ? "  (another type than asked for)" : "";
  return `${facts}  ${shown(item.path.join("/"))}${kind}  ${from}${note}`;
}
