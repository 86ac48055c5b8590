import type { RequestView } from "@excalibur/sdk";
import { expect, it } from "vitest";
import { faceOf } from "./request-face.ts";

const OPEN: RequestView = {
  ...{ id: "r", title: "Photos", text: "", owner: "alice", types: [], isOpen: true, isExpired: false },
  ...{ expiresMs: null, maxFileBytes: 1, freeBytes: 1, freeItems: 1 },
};

it("says how a request stands as the server does, whatever this device's clock shows", () => {
  expect(faceOf(OPEN).state).toBe("open");
  expect(faceOf({ ...OPEN, freeItems: 0 }).state).toBe("full");
  // Long over here, and closed by hand there; still to come here, and over there.
  expect(faceOf({ ...OPEN, isOpen: false, expiresMs: 1 }).state).toBe("closed");
  const never = Number.MAX_SAFE_INTEGER;
  expect(faceOf({ ...OPEN, isOpen: false, isExpired: true, expiresMs: never }).state).toBe("expired");
});
