import {
  changePassword,
  changeRecovery,
  deleteAccount,
  getAccount,
  getKeyring,
  getKeyringHashes,
  getStorage,
  passwordStart,
  putKeyring,
} from "@excalibur/core/protocol";
import { type Endpoint, readEndpoint, writeEndpoint } from "../endpoint.ts";

export const accountEndpoints: readonly Endpoint[] = [
  readEndpoint(getAccount, ({ session }, { accounts }) => accounts.profile.account(session)),
  readEndpoint(getStorage, ({ session }, { accounts }) => accounts.storage(session)),
  readEndpoint(passwordStart, ({ session, body }, { accounts }) => accounts.password.start(session, body)),
  writeEndpoint(changePassword, async ({ session, body, transact }, { accounts }) => {
    await accounts.password.change(session, body, transact);
    return undefined;
  }),
  writeEndpoint(changeRecovery, async ({ session, body, transact }, { accounts }) => {
    await accounts.recovery.change(session, body, transact);
    return undefined;
  }),
  writeEndpoint(deleteAccount, async ({ session, transact }, { accounts }) => {
    await accounts.deletion.deleteAccount(session, transact);
    return undefined;
  }),
  readEndpoint(getKeyring, ({ session }, { accounts }) => accounts.keyring.read(session)),
  readEndpoint(getKeyringHashes, ({ session, query }, { accounts }) => accounts.keyring.hashes(session, query.after)),
  writeEndpoint(putKeyring, ({ session, body, transact }, { accounts }) =>
    accounts.keyring.write(session, body, transact),
  ),
];
