import {
  type InviteCode,
  InviteCode as InviteCodeSchema,
  LIMITS,
  matches,
  USER_NAME_PATTERN,
  type UserName,
} from "@excalibur/core/protocol";
import { InvitationFormatError, UserNameError } from "./errors.ts";

const USER_NAME = new RegExp(USER_NAME_PATTERN);

/** A typed name as the server knows it: A-Z become small, anything that is not plain ASCII is refused rather than guessed at. Throws UserNameError. */
export function userNameOf(typed: string): UserName {
  const name = typed.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  if (!USER_NAME.test(name)) throw new UserNameError();
  return name as UserName;
}

export interface Invitation {
  readonly code: InviteCode;
  /** The server, if the invitation came as an address. */
  readonly server?: string;
}

/** Reads an invitation as it was pasted: its address, or the code alone. The code never travels in an address we call. Throws InvitationFormatError. */
export function parseInvitation(typed: string): Invitation {
  const text = typed.trim();
  const at = text.indexOf("#invite=");
  const code = at < 0 ? text : text.slice(at + "#invite=".length);
  if (!matches(InviteCodeSchema, code)) throw new InvitationFormatError();
  return at < 0 ? { code } : { code, server: text.slice(0, at) };
}

/** A device's name as others see it in the list of sessions: no control characters, at most 64 bytes. */
export function deviceNameOf(typed: string): string {
  const clean = typed
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, " ")
    .trim();
  const encoder = new TextEncoder();
  let name = "";
  for (const character of clean) {
    if (encoder.encode(name + character).length > LIMITS.deviceNameBytes) break;
    name += character;
  }
  return name === "" ? "device" : name;
}
