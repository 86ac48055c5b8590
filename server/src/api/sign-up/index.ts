import { signUp, signUpStart } from "@excalibur/core/protocol";
import { type Endpoint, openEndpoint } from "../endpoint.ts";

export const signUpEndpoints: readonly Endpoint[] = [
  openEndpoint(signUpStart, ({ body }, { accounts }) => accounts.signUp.start(body)),
  openEndpoint(signUp, ({ body }, { accounts }) => accounts.signUp.finish(body)),
];
