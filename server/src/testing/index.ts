/** For tests of the server only. */

export {
  type TestDatabase,
  type TestLocation,
  testDatabase,
  testDialect,
  testLocation,
} from "./database.ts";
