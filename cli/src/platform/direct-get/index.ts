/** Bodies of known length, straight into the buffer that waits for them. */

export { DirectGet } from "./direct-get.ts";
