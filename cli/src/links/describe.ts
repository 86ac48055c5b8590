import type { LinkInfo, LinkLogEntry } from "@excalibur/sdk";
import type { Run } from "../run.ts";
import { idText } from "../sharing/shared-folder.ts";
import { shown } from "../terminal/escape.ts";
import { CommandError } from "../terminal/failure.ts";
import { count, isoTime, localTime } from "../terminal/format.ts";

/** A link by its id, or by its label if only one has that. */
export async function findLink(run: Run, typed: string): Promise<LinkInfo> {
  const { links } = await run.drive();
  const found = (await links.list({ signal: run.signal, revoked: true })).filter(
    ({ id, label, state }) => id === typed || (label === typed && state !== "revoked"),
  );
  const [link] = found;
  if (found.length > 1) {
    throw new CommandError("ambiguous", "Several links have that label. Nothing was done; name one by its id.");
  }
  if (link !== undefined) return link;
  throw new CommandError("unknown_link", "There is no such link. Nothing was done; «excalibur link list» lists them.");
}

/** Where links lead on this drive, by the id of the volume. */
export async function pathsOfVolumes(run: Run): Promise<ReadonlyMap<string, string>> {
  const { sharing, files } = await run.drive();
  const paths = new Map<string, string>();
  for (const { item } of await sharing.folders({ signal: run.signal })) {
    const { mount } = item.entry;
    const steps = await files.stepsTo(item.childId);
    if (mount !== undefined && steps !== undefined) {
      paths.set(idText(mount.volumeId), `/${steps.map(({ name }) => name).join("/")}`);
    }
  }
  return paths;
}

export function toDocument(link: LinkInfo, path: string | undefined) {
  const { id, label, address, role, state, hasPassword, viewOnly, downloads, maxDownloads } = link;
  return {
    ...{ id, label: label ?? null, path: path ?? null, address: address ?? null, role, state },
    ...{ password: hasPassword, viewOnly, downloads, maxDownloads: maxDownloads ?? null },
    created: isoTime(link.createdMs),
    expires: link.expiresMs === undefined ? null : isoTime(link.expiresMs),
    lastOpened: link.lastOpenedMs === undefined ? null : isoTime(link.lastOpenedMs),
  };
}

/** What there is to say of a link in one line. */
export function facts(link: LinkInfo): string {
  const { role, hasPassword, viewOnly, expiresMs, downloads, maxDownloads } = link;
  const said = [
    role === "editor" ? "may be written to" : undefined,
    hasPassword ? "with a password" : undefined,
    viewOnly ? "for looking only" : undefined,
    expiresMs === undefined ? undefined : `until ${localTime(expiresMs)}`,
    maxDownloads === undefined ? count(downloads, "download") : `${downloads} of ${count(maxDownloads, "download")}`,
  ];
  return said.filter((each) => each !== undefined).join(", ");
}

export function toLine(link: LinkInfo, path: string | undefined): string {
  const { id, state, label } = link;
  const name = label === undefined ? "(another manager's)" : label === "" ? "" : `  ${shown(label)}`;
  return `${id}  ${state.padEnd(7)}  ${shown(path ?? "(not mounted)")}${name}  ${facts(link)}`;
}

const OUTCOMES: Readonly<Record<LinkLogEntry["outcome"], string>> = {
  opened: "opened",
  downloaded: "downloaded",
  "wrong-password": "wrong password",
  locked: "turned away after too many wrong passwords",
  expired: "turned away: expired",
  "used-up": "turned away: used up",
  paused: "turned away: paused",
  revoked: "turned away: taken back",
};

export function logLine({ atMs, outcome, client, count: times }: LinkLogEntry): string {
  const often = times > 1 ? ` (${times} times in that hour)` : "";
  return `${localTime(atMs)}  ${client.padEnd(7)}  ${OUTCOMES[outcome]}${often}`;
}
