import { ExcaliburError } from "@excalibur/core/bytes";

/** The server's certificate comes from an authority that neither this system nor this device knows. Nothing was sent; compare the fingerprint and trust it, or leave. */
export class UntrustedServerError extends ExcaliburError {
  constructor(origin: string, fingerprint?: string) {
    const shown = fingerprint === undefined ? "" : ` (${fingerprint})`;
    const pin = fingerprint ?? "sha256:…";
    super(
      "untrusted_server",
      `The certificate of ${origin} comes from an authority that this device does not know${shown}. Nothing was sent. ` +
        `Ask whoever runs the server for the fingerprint; if it is the same, trust it with «excalibur trust ${origin} --pin ${pin}».`,
      { details: fingerprint === undefined ? { origin } : { origin, fingerprint } },
    );
  }
}

/** The server shows another authority than the one this device trusts. Somebody may be in between. Nothing was sent. */
export class ServerChangedError extends ExcaliburError {
  constructor(origin: string, trusted: string) {
    super(
      "server_changed",
      `${origin} does not show the certificate authority that this device trusts (${trusted}): somebody may stand in between. Nothing was sent, your files are safe. ` +
        `Ask whoever runs the server. If it really has a new one, compare the fingerprint that «excalibur trust ${origin}» shows before you accept it.`,
      { details: { origin, fingerprint: trusted } },
    );
  }
}

/** What was given as --pin or --ca is not what the server shows. Nothing was sent or kept. */
export class PinMismatchError extends ExcaliburError {
  constructor(origin: string, shown: string) {
    super(
      "pin_mismatch",
      `${origin} shows another certificate authority (${shown}) than the one you named. Nothing was sent. Ask whoever runs the server which one is right.`,
      { details: { origin, fingerprint: shown } },
    );
  }
}
