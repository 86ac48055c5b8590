/** Looks a server over from outside, running or not, and changes nothing. */

import { dataFolderAt, readIfThere } from "../config/data-folder.ts";
import { runningServer } from "../config/server-lock.ts";
import type { ReadSettings } from "../config/settings/index.ts";
import { tlsFilesIn } from "../config/tls-files.ts";
import { ask } from "./ask.ts";
import { checkOwnClock } from "./clock.ts";
import { checkDatabase } from "./database.ts";
import { attempt, type Finding, failed, type Health, ok } from "./finding.ts";
import { checkDisk, checkPermissions, checkPort, checkSecrets, checkVersions } from "./machine.ts";
import type { Patient } from "./patient.ts";
import { checkPublicUrls } from "./public-url.ts";
import { checkTls } from "./tls.ts";

export type { Finding, Health } from "./finding.ts";

/** The server of this folder, if it runs and answers. */
async function findRunning(settings: ReadSettings): Promise<Patient["running"]> {
  const folder = dataFolderAt(settings.config.dataFolder);
  const said = await runningServer(folder);
  if (said === undefined) return undefined;
  const ca = await readIfThere(tlsFilesIn(folder.path).authority);
  try {
    const { text } = await ask(`${said.origin}/instance`, ca === undefined ? {} : { ca });
    return text === said.instance ? said : undefined;
  } catch {
    // Left over from one that was killed: its port is free or somebody else's.
    return undefined;
  }
}

async function checkHealth({ running, folder }: Patient): Promise<readonly Finding[]> {
  if (running === undefined) return [];
  const ca = await readIfThere(tlsFilesIn(folder.path).authority);
  const { status, text } = await ask(`${running.origin}/api/well-known/health`, ca === undefined ? {} : { ca });
  if (status === 200) return [ok("server", "the server says that it is well")];
  const { checks = [] } = JSON.parse(text) as { checks?: { name: string; ok: boolean; detail?: string }[] };
  return checks
    .filter((check) => !check.ok)
    .map(({ name, detail }) =>
      failed("server", `the server says of its ${name}: ${detail ?? "not well"}`, "Its log says more."),
    );
}

export interface Diagnosis {
  /** The worst of the findings. */
  readonly status: Health;
  readonly findings: readonly Finding[];
}

export async function examine(settings: ReadSettings, nowMs: number): Promise<Diagnosis> {
  const folder = dataFolderAt(settings.config.dataFolder);
  const patient: Patient = { settings, folder, running: await findRunning(settings), nowMs };
  const findings = [checkOwnClock(nowMs), ...checkVersions()];
  const checks: readonly (readonly [name: string, check: (patient: Patient) => Promise<readonly Finding[]>])[] = [
    ["disk", checkDisk],
    ["permissions", checkPermissions],
    ["secrets", checkSecrets],
    ["database", checkDatabase],
    ["port", checkPort],
    ["server", checkHealth],
    ["tls", checkTls],
    ["proxy", checkPublicUrls],
  ];
  for (const [name, check] of checks) findings.push(...(await attempt(name, () => check(patient))));
  const worst = (["failed", "warning"] as const).find((status) =>
    findings.some((finding) => finding.status === status),
  );
  return { status: worst ?? "ok", findings };
}
