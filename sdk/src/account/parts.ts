import type { Ports } from "../ports/index.ts";
import type { AccountApi } from "./api.ts";
import type { AccountKey } from "./crypto.ts";
import type { DeviceAccount, DeviceState } from "./device-state.ts";
import type { KeyringKeeper } from "./keyring/keeper.ts";

/** What an open account is made of. */
export interface AccountParts {
  readonly ports: Ports;
  readonly state: DeviceState;
  readonly api: AccountApi;
  readonly device: DeviceAccount;
  readonly account: AccountKey;
  readonly keeper: KeyringKeeper;
}
