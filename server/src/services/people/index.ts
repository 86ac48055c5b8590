/** Accounts as whoever runs the server changes them. */

export { changeQuota, disableAccount, enableAccount, type Reset, resetAccount } from "./change-account.ts";
export { PersonError, type PersonProblem } from "./person.ts";
export {
  eraseAccount,
  listShutForGood,
  REMOVED_ACCOUNTS_JOB,
  type Removal,
  removeAccount,
  shutForGood,
} from "./remove-account.ts";
