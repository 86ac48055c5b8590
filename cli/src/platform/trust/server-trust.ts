import { Agent } from "node:https";
import type { SecureContext } from "node:tls";
import { LocalStateError } from "@excalibur/sdk/ports";
import { readPrivateFile, writePrivateFile } from "../private-file.ts";
import { type Anchor, anchorFrom, onlyAnchor, systemAuthorities } from "./certificates.ts";
import { ServerChangedError, UntrustedServerError } from "./trust-errors.ts";

type Stored = Readonly<Record<string, { readonly fingerprint: string; readonly certificate: string }>>;

/**
 * Whom this device believes to be which server, by origin. A server whose authority the system knows needs no entry. For
 * any other the authority itself is kept, so that the server may renew its certificate as often as it likes; from then on
 * nobody else is believed under that origin, however well vouched for.
 */
export class ServerTrust {
  readonly #path: string | undefined;
  #anchors: ReadonlyMap<string, Anchor>;
  readonly #agents = new Map<string, Agent>();
  #needsSystem = false;

  private constructor(path: string | undefined, anchors: ReadonlyMap<string, Anchor>) {
    this.#path = path;
    this.#anchors = anchors;
  }

  /** From the file that keeps it; there need not be one yet. Throws LocalStateError. */
  static async open(path: string): Promise<ServerTrust> {
    return new ServerTrust(path, await readAnchors(path));
  }

  /** Believes the system's authorities only, and keeps nothing. */
  static ofSystem(): ServerTrust {
    return new ServerTrust(undefined, new Map());
  }

  anchorOf(origin: string): Anchor | undefined {
    return this.#anchors.get(origin);
  }

  /** Believes this certificate, and what it signed, under that origin. */
  async keep(origin: string, anchor: Anchor): Promise<void> {
    await this.#change((anchors) => anchors.set(origin, anchor));
  }

  /** From now on the system's authorities decide again. */
  async forget(origin: string): Promise<boolean> {
    const was = this.#anchors.has(origin);
    if (was) await this.#change((anchors) => anchors.delete(origin));
    return was;
  }

  /** Who may vouch for that origin; undefined: the authorities that came with this program. */
  contextOf(origin: string): SecureContext | undefined {
    const anchor = this.#anchors.get(origin);
    if (anchor !== undefined) return onlyAnchor(anchor);
    return this.#needsSystem ? systemAuthorities() : undefined;
  }

  /** Connections to that origin that stay open between requests. */
  agentOf(origin: string, options: ConstructorParameters<typeof Agent>[0]): Agent {
    const known = this.#agents.get(origin);
    if (known !== undefined) return known;
    const secureContext = this.contextOf(origin);
    const agent = new Agent({ ...options, ...(secureContext === undefined ? {} : { secureContext }) });
    this.#agents.set(origin, agent);
    return agent;
  }

  /** Whether everybody who may vouch for that origin is asked already. */
  asksEverybody(origin: string): boolean {
    return this.#needsSystem || this.#anchors.has(origin);
  }

  /** From now on the system's authorities are asked, too: loading them is too slow for who does not need it. */
  askSystem(): void {
    if (this.#needsSystem) return;
    this.#needsSystem = true;
    this.#agents.clear();
  }

  /** What it means that nobody vouched for that origin. */
  refusal(origin: string): UntrustedServerError | ServerChangedError {
    const anchor = this.#anchors.get(origin);
    return anchor === undefined ? new UntrustedServerError(origin) : new ServerChangedError(origin, anchor.fingerprint);
  }

  /** Closes the connections that nobody uses. */
  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  async #change(change: (anchors: Map<string, Anchor>) => void): Promise<void> {
    // Another command of this person may have written meanwhile.
    const anchors = new Map(this.#path === undefined ? this.#anchors : await readAnchors(this.#path));
    change(anchors);
    if (this.#path !== undefined) await writeAnchors(this.#path, anchors);
    this.#anchors = anchors;
    // Open connections were made under what was believed before.
    this.close();
    this.#agents.clear();
  }
}

async function readAnchors(path: string): Promise<Map<string, Anchor>> {
  try {
    const bytes = await readPrivateFile(path);
    if (bytes === undefined) return new Map();
    const { version, servers } = JSON.parse(new TextDecoder().decode(bytes)) as { version: unknown; servers: Stored };
    if (version !== 1) throw new TypeError("unknown version");
    const entries = Object.entries(servers).map(([origin, { certificate, fingerprint }]) => {
      const anchor = anchorFrom(new TextEncoder().encode(certificate));
      if (anchor.fingerprint !== fingerprint) throw new TypeError("another fingerprint");
      return [origin, anchor] as const;
    });
    return new Map(entries);
  } catch (cause) {
    throw new LocalStateError(
      `The file that says which servers this device trusts cannot be read: ${path}. Nothing was sent. Mend it, or remove it and compare fingerprints again.`,
      { cause },
    );
  }
}

async function writeAnchors(path: string, anchors: ReadonlyMap<string, Anchor>): Promise<void> {
  const servers = Object.fromEntries(
    [...anchors].map(([origin, { fingerprint, certificatePem }]) => [
      origin,
      { fingerprint, certificate: certificatePem },
    ]),
  );
  try {
    await writePrivateFile(
      path,
      new TextEncoder().encode(`${JSON.stringify({ version: 1, servers }, undefined, 2)}\n`),
    );
  } catch (cause) {
    throw new LocalStateError(`Whom this device trusts could not be written down: ${path}. Nothing was sent.`, {
      cause,
    });
  }
}
