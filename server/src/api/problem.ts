/** The only place that writes error bodies (RFC 9457). */

import { ERROR_CODES, type ErrorCode, ExcaliburError, isErrorCode, type Problem } from "@excalibur/core/protocol";
import { Refusal, type RefusalMembers } from "../refusal.ts";

export const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

export interface DescribedError {
  readonly problem: Problem;
  /** Whether the cause belongs into the log: our own failure, not the client's. */
  readonly isOurs: boolean;
}

/** What the framework and Node call their errors, in our words. */
const FRAMEWORK: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "body_too_large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported_media_type",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "bad_request",
  FST_ERR_CTP_EMPTY_JSON_BODY: "bad_request",
  FST_ERR_BAD_URL: "bad_request",
  FST_ERR_MAX_PARAM_LENGTH: "not_found",
  ECONNRESET: "bad_request",
  ERR_STREAM_PREMATURE_CLOSE: "bad_request",
};

function membersOf(error: unknown): RefusalMembers {
  return error instanceof Refusal ? error.members : {};
}

function codeOf(error: unknown): ErrorCode {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code !== "string") return "internal";
  if (error instanceof ExcaliburError) return isErrorCode(code) ? code : "internal";
  return FRAMEWORK[code] ?? "internal";
}

export function describeError(error: unknown, requestId: string): DescribedError {
  const code = codeOf(error);
  const [status, detail] = ERROR_CODES[code];
  const { ids, ...members } = membersOf(error);
  return {
    problem: {
      type: `urn:excalibur:problem:${code}`,
      title: code.replaceAll("_", " "),
      status,
      code,
      detail,
      requestId,
      ...members,
      ...(ids ? { ids: [...ids] } : {}),
    },
    isOurs: status >= 500 && code !== "shutting_down",
  };
}
