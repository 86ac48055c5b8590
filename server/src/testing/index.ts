/** For tests of the server only. */

export {
  createAccount,
  identifiersOf,
  invite,
  newKeyring,
  newSlot,
  prepareFinish,
  prepareSignUp,
  recover,
  type SessionWish,
  setPassword,
  signIn,
  type TestAccount,
} from "./account.ts";
export { type Answer, type CallOptions, newNonce, type SessionKey, signRequest, TestClient } from "./client.ts";
export {
  type TestDatabase,
  type TestLocation,
  testDatabase,
  testDialect,
  testLocation,
} from "./database.ts";
export { type TestServer, testServer } from "./server.ts";
