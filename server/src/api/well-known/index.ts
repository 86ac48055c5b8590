import {
  API_VERSION,
  getClock,
  getCompatibility,
  getHealth,
  getReady,
  getVersion,
  PROGRAM_VERSION,
} from "@excalibur/core/protocol";
import { type Endpoint, openEndpoint, StatusReply } from "../endpoint.ts";

const UNWELL = 503;

export const wellKnownEndpoints: readonly Endpoint[] = [
  openEndpoint(getVersion, async (_call, { accounts }) => ({
    name: "excalibur" as const,
    version: PROGRAM_VERSION,
    api: API_VERSION,
    signUp: accounts.signUpPolicy,
  })),
  openEndpoint(getCompatibility, async () => ({ api: { minimum: API_VERSION, maximum: API_VERSION } })),
  openEndpoint(getHealth, async (_call, { health }) => {
    const report = await health.check();
    return report.status === "ok" ? report : new StatusReply(UNWELL, report);
  }),
  openEndpoint(getReady, async (_call, { health }) =>
    (await health.isReady()) ? { ready: true } : new StatusReply(UNWELL, { ready: false }),
  ),
  openEndpoint(getClock, async (_call, { clock }) => ({ timeMs: clock() })),
];
