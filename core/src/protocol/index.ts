/** The wire contract: one value per route, ids, error codes, limits, realtime messages, request signatures. No crypto. */

export * from "./errors.ts";
export * from "./ids.ts";
export * from "./limits.ts";
export * from "./matches.ts";
export * from "./realtime.ts";
export * from "./request-signature.ts";
export * from "./route.ts";
export * from "./routes/index.ts";
export * from "./version.ts";
