/**
 * [Note: The app and the web]
 * One program, built twice: as pages that a server hands out, and as the pages of an app, which come with it. What differs
 * is behind this door. The build of the app takes platform-app.ts in the place of platform-web.ts (vite.config.ts), so
 * nothing of Capacitor is in what servers hand out.
 */

export {
  chooseServer,
  chosenServer,
  forgetServer,
  guardStore,
  isApp,
  onSaved,
  paintBars,
  preparePage,
  prepareScreen,
  saveText,
  startSaving,
} from "./platform-web.ts";
export type { GuardStore, GuardWords, SavedFile } from "./types.ts";
