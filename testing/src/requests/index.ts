/** What stories about upload requests share. */

export { byPath, fileToSend, sendAll } from "./send.ts";
