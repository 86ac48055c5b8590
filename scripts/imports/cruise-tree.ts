import { existsSync } from "node:fs";
import path from "node:path";
import {
  cruise,
  type ICruiseOptions,
  type ICruiseResult,
  type IForbiddenRuleType,
  type IResolveOptions,
} from "dependency-cruiser";

export type ImportRule = IForbiddenRuleType & {
  name: string;
  comment: string;
  to: { path?: string; pathNot?: string };
};

export interface Rules {
  readonly forbidden: readonly ImportRule[];
  readonly options: ICruiseOptions & { enhancedResolveOptions: Partial<IResolveOptions> };
}

const ROOMS = ["core", "sdk", "server", "cli", "client", "testing", "bench"];

/** Looks at every module of the rooms under `baseDir` and at what each of them imports. */
export async function cruiseTree(baseDir: string, rules: Rules): Promise<ICruiseResult> {
  const { enhancedResolveOptions, ...options } = rules.options;
  const result = await cruise(
    ROOMS.filter((room) => existsSync(path.join(baseDir, room, "src"))).map((room) => `${room}/src`),
    { ...options, baseDir, validate: true, ruleSet: { forbidden: [...rules.forbidden] } },
    enhancedResolveOptions,
  );
  if (typeof result.output === "string") throw new Error("dependency-cruiser answered with text instead of a result.");
  return result.output;
}
