/** Requests of every kind against the server's own OpenAPI document. */

export { FuzzRun, type Plan } from "./fuzz-run.ts";
