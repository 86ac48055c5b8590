import { putPages } from "@excalibur/core/protocol";
import { writeEndpoint } from "../endpoint.ts";
import { volumeCaller } from "./volume-caller.ts";

export const putPagesEndpoint = writeEndpoint(putPages, (call, { volumes }) =>
  volumes.putPages({ ...volumeCaller(call), body: call.body }, call.transact),
);
