/** A real server in the hands of somebody who lies. */

export { EvilProxy } from "./evil-proxy.ts";
export type { FrameInterference } from "./evil-server.ts";
export { EvilServer } from "./evil-server.ts";
export type { Answer, Ask, Exchange, Interference } from "./exchange.ts";
export { decodeJson, encodeJson, jsonAnswer, problemAnswer, routeOf, withBody } from "./exchange.ts";
export { Network } from "./network.ts";
