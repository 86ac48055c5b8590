import { getClock, getReady, type Route } from "@excalibur/core/protocol";
import Fastify from "fastify";
import { describe, expect, it } from "vitest";
import { open, type Policy } from "../auth/policies.ts";
import { type Endpoint, openEndpoint, writeEndpoint } from "./endpoint.ts";
import { type MountOptions, mountEndpoints } from "./mount.ts";

const clock = openEndpoint(getClock, async () => ({ timeMs: 1 }));
const ready = openEndpoint(getReady, async () => ({ ready: true }));

function mount(endpoints: Endpoint[], policies: Record<string, Policy>, routes: Route[] = [getClock, getReady]) {
  return () =>
    mountEndpoints(Fastify(), endpoints, { routes, policies } as unknown as Parameters<typeof mountEndpoints>[2] &
      MountOptions);
}

describe("a server does not start", () => {
  it("when a route has no policy", () => {
    expect(mount([clock, ready], { getClock: open, getReady: open })).not.toThrow();
    expect(mount([clock, ready], { getClock: open })).toThrow("The route getReady has no policy.");
  });

  it("when a route has no handler, or two", () => {
    expect(mount([clock], { getClock: open, getReady: open })).toThrow(
      "The route getReady has 0 handlers instead of one.",
    );
    expect(mount([clock, clock, ready], { getClock: open, getReady: open })).toThrow("has 2 handlers");
  });

  it("when a handler takes another kind of route for its own", () => {
    expect(() => writeEndpoint(getClock, async () => ({ timeMs: 1 }))).toThrow("of the kind open");
  });
});
