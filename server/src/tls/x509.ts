/** The one door to the certificate library. */

import "reflect-metadata";

import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(globalThis.crypto);

export { x509 };

export const SIGNING = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

export function newKeyPair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(SIGNING, true, ["sign", "verify"]);
}

const PKCS8 = "PRIVATE KEY";

export async function keyToPem(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), PKCS8);
}

/** @throws when that is no key of ours */
export async function keyFromPem(pem: string): Promise<CryptoKey> {
  return await crypto.subtle.importKey("pkcs8", x509.PemConverter.decodeFirst(pem), SIGNING, false, ["sign"]);
}
