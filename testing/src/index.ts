/** What stories are told with. */

export * from "./canary/index.ts";
export * from "./evil-server/index.ts";
export * from "./world/index.ts";
