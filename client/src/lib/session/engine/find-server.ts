import { ExcaliburError } from "@excalibur/core/bytes";
import { getVersion } from "@excalibur/core/protocol";
import type { ClockPort, HttpPort } from "@excalibur/sdk/ports";
import { addressText, HttpTransport, parseServerAddress } from "@excalibur/sdk/transport";

/** Plain http leaves it to the network what a page is told, and who is asked. */
export class InsecureServerError extends ExcaliburError {
  constructor() {
    super(
      "insecure_server",
      "That address begins with http://, so anybody on the way could answer in the server's place. Nothing was sent. Use its https:// address.",
    );
  }
}

const LOOPBACK = /^(localhost|127\.0\.0\.1)$/;

/**
 * The address of a server in its one spelling, once something answered there that is one, of a version that this program
 * speaks. Throws ServerAddressError and InsecureServerError before anything is sent; NetworkError, GatewayError,
 * MalformedReplyError, UpgradeNeededError.
 */
export async function findServer(
  typed: string,
  ports: { readonly http: HttpPort; readonly clock: ClockPort },
): Promise<string> {
  const address = parseServerAddress(typed);
  const { protocol, hostname } = new URL(address.origin);
  if (protocol !== "https:" && !LOOPBACK.test(hostname)) throw new InsecureServerError();
  const transport = new HttpTransport({ ...ports, address, logger: { debug: () => undefined, warn: () => undefined } });
  await transport.call(getVersion, {});
  return addressText(address);
}
