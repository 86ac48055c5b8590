/** Which servers this device believes, beside those that the system vouches for. */

export {
  type Anchor,
  anchorFrom,
  isUnknownAuthority,
  isVouchedFor,
  onlyAnchor,
  parseFingerprint,
  shownCertificates,
  systemAuthorities,
} from "./certificates.ts";
export { ServerTrust } from "./server-trust.ts";
export { PinMismatchError, ServerChangedError, UntrustedServerError } from "./trust-errors.ts";
