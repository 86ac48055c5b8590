import { type Bytes, hex, zeros } from "../../foundations/bytes.ts";
import type { RefusalClass } from "../../foundations/refusal.ts";
import {
  parsePublicText,
  parseSecretText,
  publicText,
  recipientFingerprint,
  secretText,
} from "../../people/recipient-key.ts";
import { xWingPublicKey } from "../../people/x-wing.ts";
import { type Case, type Json, overwritten, refused } from "../vector-file.ts";
import { SEEDS } from "./standalone-samples.ts";

export function recipientKeyCases(): Json[] {
  return SEEDS.slice(0, 2).map((seed) => {
    const key = xWingPublicKey(seed);
    const [open, secret] = [publicText(key), secretText(seed)];
    if (hex(parsePublicText(open)) !== hex(key) || hex(parseSecretText(secret)) !== hex(seed)) {
      throw new Error("A recipient key does not survive its text.");
    }
    return {
      seed: hex(seed),
      publicKey: hex(key),
      fingerprint: hex(recipientFingerprint(key)),
      public: open,
      secret,
    };
  });
}

function exchanged(text: string, at: number): string {
  const other = text.at(at) === "A" ? "B" : "A";
  return at < 0
    ? text.slice(0, at) + other + text.slice(text.length + at + 1)
    : text.slice(0, at) + other + text.slice(at + 1);
}

export function refusedRecipientKeys(): Case[] {
  const key = xWingPublicKey(SEEDS[0] as Bytes);
  const open = publicText(key);
  const secret = secretText(SEEDS[0] as Bytes);
  const make = (name: string, refuse: RefusalClass, what: "public" | "secret", text: string): Case =>
    refused(name, { refuse, wrong: name }, { what, text }, () =>
      what === "public" ? parsePublicText(text) : parseSecretText(text),
    );
  const smallOrder = overwritten(key, 1184, zeros(32));
  return [
    make("nothing", "malformed", "public", ""),
    make("something else", "malformed", "public", "age1qqqqqqqq"),
    make("of a later version", "unsupported", "public", open.replace("-1.", "-2.")),
    make("a secret where a public key is expected", "unsupported", "public", secret),
    make("a public key where a secret is expected", "unsupported", "secret", open),
    make("one character changed at the beginning", "malformed", "public", exchanged(open, 30)),
    make("one character changed in the check", "malformed", "public", exchanged(open, -4)),
    make("the last character cut", "malformed", "public", open.slice(0, -1)),
    make("four characters cut", "malformed", "public", open.slice(0, -4)),
    make("with padding", "malformed", "public", `${open}=`),
    make(
      "in the other alphabet of base64",
      "malformed",
      "public",
      open.replaceAll("-", "+").replace("excalibur+recipient+1", "excalibur-recipient-1"),
    ),
    make("with a space inside", "malformed", "public", `${open.slice(0, 100)} ${open.slice(100)}`),
    make("bits after the last byte", "malformed", "public", nonCanonical(open)),
    make("an X25519 part of small order", "weak-key", "public", publicText(smallOrder)),
    make(
      "a coefficient above the modulus",
      "weak-key",
      "public",
      publicText(overwritten(key, 0, Uint8Array.of(255, 255))),
    ),
    make("an ML-KEM part of zeros", "weak-key", "public", publicText(overwritten(key, 0, zeros(1152)))),
    make("a secret with one character changed", "malformed", "secret", exchanged(secret, 40)),
    make("a secret with its check changed", "malformed", "secret", exchanged(secret, -3)),
    make("a secret cut", "malformed", "secret", secret.slice(0, -4)),
    make("a secret of a later version", "unsupported", "secret", secret.replace("-1.", "-2.")),
  ];
}

/** 1220 bytes leave four bits of the last character unused; here one of them is set. */
function nonCanonical(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const last = alphabet.indexOf(text.at(-1) as string);
  return text.slice(0, -1) + alphabet[last | 1];
}
