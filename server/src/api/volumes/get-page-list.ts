import { getPageList } from "@excalibur/core/protocol";
import { readEndpoint } from "../endpoint.ts";
import { volumeCaller } from "./volume-caller.ts";

export const getPageListEndpoint = readEndpoint(getPageList, (call, { volumes }) =>
  volumes.getPageList(volumeCaller(call)),
);
