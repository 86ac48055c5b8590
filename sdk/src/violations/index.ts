/** Which errors mean that somebody tampered, or that the server contradicts what was signed. */

export { isViolation } from "./is-violation.ts";
