import { hostname, networkInterfaces } from "node:os";

/** `scheme://host[:port]`, ASCII, lower case, default port left out: as browsers and our clients write it. */
function originOf(url: string): string {
  return new URL(url).origin;
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

export function isEverywhere(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

interface Listening {
  readonly host: string;
  readonly port: number;
  readonly https: boolean;
}

function originAt(name: string, { port, https }: Pick<Listening, "port" | "https">): string {
  return originOf(`${https ? "https" : "http"}://${bracketed(name)}:${port}`);
}

/** The address people on this machine type for a server that listens here. */
export function localOrigin(listening: Listening): string {
  return originAt(isEverywhere(listening.host) ? "127.0.0.1" : listening.host, listening);
}

const LOOPBACK = ["127.0.0.1", "localhost", "::1"];

/** Networks of containers and virtual machines: no phone is in them. */
const INTERNAL_NETWORK = /^(docker|br-|veth|virbr|vmnet|vboxnet|cni|podman)/;

/** This machine's addresses in the networks it is in now, the likeliest first: IPv4 before IPv6. */
export function lanAddresses(): string[] {
  const all = Object.entries(networkInterfaces()).flatMap(([name, list = []]) => list.map((one) => ({ ...one, name })));
  // Link-local addresses carry a zone, which no browser puts into an origin.
  const reachable = all.filter(({ internal, address }) => !internal && !address.startsWith("fe80:"));
  const rank = ({ name, family }: (typeof all)[number]) =>
    (INTERNAL_NETWORK.test(name) ? 2 : 0) + (family === "IPv4" ? 0 : 1);
  return reachable.sort((a, b) => rank(a) - rank(b)).map(({ address }) => address);
}

/** What this machine is called: its name, and as its neighbours find it without a name server. */
export function machineNames(): string[] {
  const name = hostname().toLowerCase();
  if (!/^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*$/.test(name)) return [];
  return name.includes(".") ? [name] : [name, `${name}.local`];
}

/** Every name and address of this machine: what a certificate for it has to cover. */
export function ownNames(): string[] {
  return [...LOOPBACK, ...machineNames(), ...lanAddresses()];
}

/** Names and addresses under which a server that listens there is reached. */
function namesAt(host: string): string[] {
  if (isEverywhere(host)) return ownNames();
  return isLoopback(host) ? [host, ...LOOPBACK] : [host];
}

/**
 * The origins the server calls its own. A session is bound to one of them, so that a signature made for a look-alike
 * address is worth nothing here.
 */
export function ownOrigins(options: Listening & { readonly publicUrls: readonly string[] }): ReadonlySet<string> {
  const local = namesAt(options.host).map((name) => originAt(name, options));
  return new Set([...local, ...options.publicUrls.map(originOf)]);
}

/** Addresses for other devices in the same networks, the likeliest first. Empty when it listens on this machine only. */
export function lanOrigins(listening: Listening): string[] {
  const { host } = listening;
  if (isLoopback(host)) return [];
  return (isEverywhere(host) ? lanAddresses() : [host]).map((name) => originAt(name, listening));
}

/** What proxies may have cut off: the paths of the public addresses, and nothing. */
export function publicPrefixes(publicUrls: readonly string[]): readonly string[] {
  return [...new Set(["", ...publicUrls.map((url) => new URL(url).pathname.replace(/\/+$/, ""))])];
}
