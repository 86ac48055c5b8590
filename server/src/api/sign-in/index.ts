import { recoveryFinish, recoveryStart, signInFinish, signInStart } from "@excalibur/core/protocol";
import { type Endpoint, openEndpoint } from "../endpoint.ts";

export const signInEndpoints: readonly Endpoint[] = [
  openEndpoint(signInStart, ({ body, request }, { accounts }) => accounts.signIn.start(body, request.ip)),
  openEndpoint(signInFinish, ({ body }, { accounts }) => accounts.signIn.finish(body)),
  openEndpoint(recoveryStart, ({ body, request }, { accounts }) => accounts.signIn.startRecovery(body, request.ip)),
  openEndpoint(recoveryFinish, ({ body }, { accounts }) => accounts.signIn.finishRecovery(body)),
];
