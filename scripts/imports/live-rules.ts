import type { ImportRule } from "./cruise-tree.ts";

type Pattern = string | readonly string[] | undefined;

interface Condition {
  readonly path?: Pattern;
  readonly pathNot?: Pattern;
}

function toRegExp(pattern: Exclude<Pattern, undefined>): RegExp {
  return new RegExp(typeof pattern === "string" ? pattern : pattern.join("|"));
}

/** Whether one of `names` is meant by `path` and not by `pathNot`. Patterns that refer to a group of the other side are taken wide. */
function matchesOne(names: readonly string[], condition: Condition): boolean {
  const wanted = condition.path === undefined ? undefined : toRegExp(condition.path);
  const unwanted =
    condition.pathNot === undefined || hasGroup(condition.pathNot) ? undefined : toRegExp(condition.pathNot);
  if (hasGroup(condition.path)) return true;
  return names.some((name) => (wanted === undefined || wanted.test(name)) && !unwanted?.test(name));
}

function hasGroup(pattern: Pattern): boolean {
  return pattern !== undefined && /\$\d/.test(typeof pattern === "string" ? pattern : pattern.join("|"));
}

/** Rules that guard nothing, because no file is on their one side or on their other: the room moved, or the pattern is wrong. */
export function findDeadRules(rules: readonly ImportRule[], files: readonly string[]): string[] {
  return rules.flatMap(({ name, from, to }) => {
    const problems: string[] = [];
    if (!matchesOne(files, from)) problems.push(`${name}: "from" matches no file`);
    if (!matchesOne(files, to)) problems.push(`${name}: "to" matches no file`);
    return problems;
  });
}
