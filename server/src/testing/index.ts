/** For tests and benchmarks of the server only. */

export {
  createAccount,
  enter,
  identifiersOf,
  invite,
  newKeyring,
  newSlot,
  prepareFinish,
  prepareRecovery,
  prepareSignUp,
  recover,
  recoveryBody,
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
export { type InsertedPerson, insertSignedIn } from "./insert-signed-in.ts";
export { type OpaqueObject, opaqueBatch, opaqueObject } from "./opaque-object.ts";
export { type TestServer, testServer } from "./server.ts";
export type { TestCall, TestSession } from "./test-session.ts";
export type { VolumeWriter, WrittenPage } from "./volume-writer.ts";
