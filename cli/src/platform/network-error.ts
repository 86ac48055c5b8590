import { NetworkError } from "@excalibur/sdk/ports";

const SENTENCES: Record<string, string> = {
  ECONNREFUSED: "No server answers there. Is it running?",
  ENOTFOUND: "There is no computer of that name.",
  EAI_AGAIN: "The name of the server could not be looked up. Is this computer online?",
  ENETUNREACH: "The network of the server cannot be reached. Is this computer online?",
  EHOSTUNREACH: "The server cannot be reached. Is this computer online?",
  ETIMEDOUT: "The server did not answer in time.",
  ECONNRESET: "The connection was cut.",
  EPIPE: "The connection was cut.",
  UND_ERR_SOCKET: "The connection was cut.",
  CERT_HAS_EXPIRED: "The server's certificate has expired, or the clock of this computer is wrong.",
  CERT_NOT_YET_VALID: "The server's certificate is not valid yet, or the clock of this computer is wrong.",
  ERR_TLS_CERT_ALTNAME_INVALID: "The server's certificate is for other names than the address that was used.",
  EPROTO: "No HTTPS is spoken there. Is it http://?",
};

/** Trying again cannot help: the address or its certificate is wrong. */
const PERMANENT = new Set(["ENOTFOUND", "EPROTO", "ERR_INVALID_URL", "ERR_TLS_CERT_ALTNAME_INVALID"]);

/** What a failed exchange means for a person. Details name the system's code, nothing of the request. */
export function networkError(cause: unknown): NetworkError {
  if (cause instanceof NetworkError) return cause;
  const code = codeOf(cause);
  const certificate = code !== undefined && /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|TLS/.test(code);
  const unknown = certificate
    ? "The server's certificate is not trusted by this computer."
    : "The connection to the server failed.";
  const what = SENTENCES[code ?? ""] ?? unknown;
  const temporary = !certificate && !PERMANENT.has(code ?? "");
  return new NetworkError(`${what} Nothing was lost.`, { cause, temporary, details: { reason: code ?? "unknown" } });
}

export function timedOut(timeoutMs: number): NetworkError {
  return new NetworkError(
    `The server was silent, or all but silent, for ${Math.round(timeoutMs / 1000)} s. Nothing was lost.`,
    {
      details: { reason: "ETIMEDOUT" },
    },
  );
}

function codeOf(error: unknown): string | undefined {
  // Several addresses of one host, all refused, come as one AggregateError.
  const single = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const code = (single as { code?: unknown } | null | undefined)?.code;
  return typeof code === "string" ? code : undefined;
}
