/** Getting to know a server whose certificate authority nobody vouches for. */

import { readFile } from "node:fs/promises";
import type { TrustFlags } from "./command-flags.ts";
import { openTrust } from "./device.ts";
import {
  type Anchor,
  anchorFrom,
  isVouchedFor,
  onlyAnchor,
  PinMismatchError,
  parseFingerprint,
  type ServerTrust,
  shownCertificates,
  systemAuthorities,
  UntrustedServerError,
} from "./platform/trust/index.ts";
import type { Run } from "./run.ts";
import { CancelledError, CommandError, UsageError } from "./terminal/failure.ts";
import { confirm } from "./terminal/prompts.ts";

interface Meeting {
  readonly run: Pick<Run, "terminal" | "signal" | "env">;
  readonly origin: string;
  readonly trust: ServerTrust;
}

/** undefined: plain http, where nobody vouches for anybody. Throws UsageError, ServerAddressError. */
async function originOf(server: string, { ca, pin }: TrustFlags): Promise<string | undefined> {
  const { parseServerAddress } = await import("@excalibur/sdk/transport");
  const { origin } = parseServerAddress(server);
  if (ca !== undefined && pin !== undefined) throw new UsageError("Give either --ca or --pin: both say whom to trust.");
  if (origin.startsWith("https:")) return origin;
  if (ca !== undefined || pin !== undefined)
    throw new UsageError("--ca and --pin need an address that begins with https://.");
  return undefined;
}

async function readAuthority(path: string): Promise<Anchor> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new CommandError("local_file", `The file ${path} cannot be read: ${(cause as Error).message}.`, { cause });
  }
  try {
    return anchorFrom(bytes);
  } catch (cause) {
    throw new CommandError("bad_certificate", `There is no certificate in ${path}, neither as PEM nor as DER.`, {
      cause,
    });
  }
}

/** The authority is the last certificate a server shows, or its own when it shows no other. */
async function shownAuthority({ origin, run }: Meeting): Promise<Anchor> {
  const shown = await shownCertificates(origin, run.signal);
  const last = shown.at(-1);
  if (last === undefined) throw new UntrustedServerError(origin);
  return last;
}

/** Nothing is kept that does not make the server believable: a wrong name or time is told now. */
async function keepIfTrue({ origin, trust, run }: Meeting, anchor: Anchor): Promise<void> {
  if (await isVouchedFor(origin, { secureContext: onlyAnchor(anchor), signal: run.signal })) {
    await trust.keep(origin, anchor);
    return;
  }
  throw new PinMismatchError(origin, (await shownAuthority({ origin, trust, run })).fingerprint);
}

async function named(meeting: Meeting, { ca, pin }: TrustFlags): Promise<Anchor> {
  if (ca !== undefined) return await readAuthority(ca);
  const fingerprint = parseFingerprint(pin ?? "");
  if (fingerprint === undefined) throw new UsageError("A fingerprint is sha256: and 64 hexadecimal digits.");
  const shown = await shownCertificates(meeting.origin, meeting.run.signal);
  const anchor = shown.find((certificate) => certificate.fingerprint === fingerprint);
  if (anchor !== undefined) return anchor;
  throw new PinMismatchError(meeting.origin, shown.at(-1)?.fingerprint ?? "none");
}

/** Shows the fingerprint and asks. Throws UntrustedServerError without a terminal, CancelledError at a no. */
async function ask(meeting: Meeting, trusted: Anchor | undefined): Promise<Anchor> {
  const { origin, run } = meeting;
  const anchor = await shownAuthority(meeting);
  if (!run.terminal.canAsk) throw new UntrustedServerError(origin, anchor.fingerprint);
  const before =
    trusted === undefined ? "This device does not know it." : `This device trusted ${trusted.fingerprint} until now.`;
  run.terminal.complain(
    `The certificate authority of ${origin} is\n  ${anchor.fingerprint}\n${before} The server prints its fingerprint when it starts.`,
  );
  if (!(await confirm(run, "Is it the same there? Trust it from now on?"))) throw new CancelledError();
  return anchor;
}

function knownToSystem({ origin, run: { signal } }: Meeting): Promise<boolean> {
  const first = isVouchedFor(origin, { signal });
  return first.then((isKnown) => isKnown || isVouchedFor(origin, { secureContext: systemAuthorities(), signal }));
}

/** Before a server is spoken to for the first time: makes sure that it is the one that is meant, and remembers how it is recognised. */
export async function meetServer(run: Meeting["run"], server: string, flags: TrustFlags): Promise<void> {
  const origin = await originOf(server, flags);
  if (origin === undefined) return;
  const meeting = { run, origin, trust: await openTrust(run.env) };
  if (flags.ca !== undefined || flags.pin !== undefined) return await keepIfTrue(meeting, await named(meeting, flags));
  // What does not fit is refused by the first request, with the right words.
  if (meeting.trust.anchorOf(origin) !== undefined) return;
  if (!(await knownToSystem(meeting))) await keepIfTrue(meeting, await ask(meeting, undefined));
}

export type Standing = "system" | "kept" | "unchanged";

/** As `meetServer`, for somebody who wants to look again: a new authority is shown beside the old one. */
export async function reconsiderServer(
  run: Meeting["run"],
  server: string,
  flags: TrustFlags,
): Promise<{ origin: string; standing: Standing; anchor?: Anchor }> {
  const origin = await originOf(server, flags);
  if (origin === undefined)
    throw new UsageError("Only servers at https:// addresses can be trusted by their certificate.");
  const meeting = { run, origin, trust: await openTrust(run.env) };
  const trusted = meeting.trust.anchorOf(origin);
  const isNamed = flags.ca !== undefined || flags.pin !== undefined;
  if (!isNamed && trusted === undefined && (await knownToSystem(meeting))) return { origin, standing: "system" };
  const stillTrue =
    trusted !== undefined && (await isVouchedFor(origin, { secureContext: onlyAnchor(trusted), signal: run.signal }));
  if (!isNamed && trusted !== undefined && stillTrue) return { origin, standing: "unchanged", anchor: trusted };
  const anchor = isNamed ? await named(meeting, flags) : await ask(meeting, trusted);
  await keepIfTrue(meeting, anchor);
  return { origin, standing: "kept", anchor };
}

/** Lets the system decide again. */
export async function forgetServer(
  { env }: Pick<Run, "env">,
  server: string,
): Promise<{ origin: string; forgotten: boolean }> {
  const origin = await originOf(server, {});
  if (origin === undefined) throw new UsageError("Only servers at https:// addresses are remembered.");
  const trust = await openTrust(env);
  return { origin, forgotten: await trust.forget(origin) };
}
