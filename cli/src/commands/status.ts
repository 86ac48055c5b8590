import type { AccountStatus } from "@excalibur/sdk";
import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import type { Cli, Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { EXIT, type ExitCode, type Failure, failureOf, isCancelled, worst } from "../terminal/failure.ts";
import { describeClock, formatSize, isoTime, localTime } from "../terminal/format.ts";
import type { OutputFlags } from "../terminal/output.ts";

export function addStatus(program: Command, cli: Cli): void {
  const command = program
    .command("status")
    .description("Whether everything is well: server, session, quota, sessions, where this device keeps its secret.");
  addOutputFlags(command)
    .addHelpText("after", examples("status", "status --json"))
    .action((flags: OutputFlags) => cli.run(flags, status));
}

async function status(run: Run): Promise<ExitCode> {
  const account = await run.account();
  const facts = await account.status({ signal: run.signal });
  const problem = facts.problem === undefined ? undefined : await failureOf(facts.problem);
  const drive = problem === undefined ? await driveProblem(run) : undefined;
  run.output.result(toJson(facts, { problem, drive }), () => [...toLines(facts, problem), ...driveLines(drive)]);
  if (drive?.exitCode === EXIT.integrity) run.output.alarm();
  return worst(problem?.exitCode ?? EXIT.ok, drive?.exitCode ?? EXIT.ok);
}

/** Whether the drive is what this device knows of it: a server that lost or hides history is told here, too. */
async function driveProblem(run: Run): Promise<Failure | undefined> {
  try {
    await run.drive();
    return undefined;
  } catch (error) {
    if (isCancelled(error)) throw error;
    return await failureOf(error);
  }
}

function driveLines(problem: Problem): string[] {
  return problem === undefined ? [] : [`Drive          ${shown(problem.message)}`];
}

type Problem = { readonly code: string; readonly message: string } | undefined;

function toJson(facts: AccountStatus, { problem, drive }: { problem: Problem; drive: Problem }): unknown {
  const { remote } = facts;
  return {
    name: facts.name,
    userId: facts.userId,
    server: facts.server,
    fingerprint: facts.fingerprint,
    secretStore: facts.secretStore,
    keyringVersion: facts.keyringVersion,
    clockOffsetMs: facts.clockOffsetMs,
    reachable: remote !== undefined,
    remote: remote && {
      version: remote.version,
      admin: remote.admin,
      usedBytes: remote.usedBytes,
      quotaBytes: remote.quotaBytes,
      keyringVersion: remote.keyringVersion,
      sessions: remote.sessions.map((session) => ({
        sessionId: session.sessionId,
        device: session.deviceName,
        client: session.client,
        created: isoTime(session.createdMs),
        lastUsed: isoTime(session.lastUsedMs),
        current: session.current,
      })),
    },
    problem: problem && { code: problem.code, message: problem.message },
    driveProblem: drive && { code: drive.code, message: drive.message },
  };
}

function toLines(facts: AccountStatus, problem: Problem): string[] {
  const { remote } = facts;
  const lines = [
    `Account        ${facts.name} at ${facts.server}`,
    `Device secret  ${shown(facts.secretStore)}`,
    `Keyring        version ${facts.keyringVersion}`,
  ];
  if (remote === undefined) return [...lines, `Server         ${shown(problem?.message ?? "cannot be asked")}`];
  const quota = remote.quotaBytes === null ? "no limit" : `of ${formatSize(remote.quotaBytes)}`;
  return [
    ...lines,
    `Server         answers, version ${shown(remote.version)}`,
    `Storage        ${formatSize(remote.usedBytes)}, ${quota}`,
    `Clock          ${describeClock(facts.clockOffsetMs)}`,
    "Sessions",
    ...remote.sessions.map(
      (session) =>
        `  ${localTime(session.lastUsedMs)}  ${shown(session.deviceName)} (${shown(session.client)})${session.current ? "  this one" : ""}`,
    ),
  ];
}
