import { FormatError, IntegrityError } from "@excalibur/core/bytes";
import { CacheRecordError } from "@excalibur/core/keys";
import { ForkError, RollbackError, VolumeIntegrityError } from "@excalibur/core/volume/record";
import { describe, expect, it } from "vitest";
import { SignInFailedError } from "../account/index.ts";
import { NotFoundError } from "../files/index.ts";
import { NetworkError } from "../ports/index.ts";
import { FolderDamagedError, PageMissingError } from "../volumes/index.ts";
import { isViolation } from "./index.ts";

const position = { sequence: 1, hash: new Uint8Array(32) };
const damage = (cause: unknown) =>
  new FolderDamagedError({ nodeId: new Uint8Array(16), bits: 0, bitsLength: 0, cause });

describe("a violation of integrity", () => {
  it.each([
    new IntegrityError("x"),
    new VolumeIntegrityError("page", "x"),
    new FormatError("x"),
    new RollbackError("x", 2, 1),
    new ForkError("x", position, position),
    damage(new IntegrityError("x")),
  ])("is %o", (error) => {
    expect(isViolation(error)).toBe(true);
  });

  it.each([
    new NetworkError("x"),
    new NotFoundError(),
    new SignInFailedError(),
    new CacheRecordError(undefined),
    damage(new PageMissingError()),
    new Error("x", { cause: new IntegrityError("x") }),
    undefined,
  ])("is not %o", (error) => {
    expect(isViolation(error)).toBe(false);
  });
});
