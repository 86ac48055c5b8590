import { toBase64Url } from "@excalibur/core/bytes";
import { type Hash, listCommits } from "@excalibur/core/protocol";
import { readEndpoint } from "../endpoint.ts";
import { volumeCaller } from "./volume-caller.ts";

export const listCommitsEndpoint = readEndpoint(listCommits, async (call, { volumes }) => {
  const list = await volumes.listCommits({ ...volumeCaller(call), after: call.query.after });
  return { ...list, commits: list.commits.map(toBase64Url), headHash: toBase64Url(list.headHash) as Hash };
});
