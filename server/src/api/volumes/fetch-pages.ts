import { fetchPages } from "@excalibur/core/protocol";
import { decodeBytes } from "../../decode-bytes.ts";
import { readEndpoint } from "../endpoint.ts";
import { volumeCaller } from "./volume-caller.ts";

export const fetchPagesEndpoint = readEndpoint(fetchPages, (call, { volumes }) =>
  volumes.fetchPages({ ...volumeCaller(call), hashes: call.body.hashes.map(decodeBytes) }),
);
