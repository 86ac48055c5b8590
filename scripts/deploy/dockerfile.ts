/** One instruction of a Dockerfile, continuation lines joined. */
export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

export function parseDockerfile(text: string): Instruction[] {
  return text
    .replaceAll(/\\\n/g, " ")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#"))
    .map((line) => {
      const [, name, rest] = /^\s*(\w+)\s+(.*)$/.exec(line) ?? [];
      if (name === undefined || rest === undefined) throw new Error(`Not an instruction: ${line}`);
      return { name, rest: rest.trim().replaceAll(/\s+/g, " ") };
    });
}

/** What the instructions of the last stage copy from the project, and where to. */
export function copiesOf(instructions: readonly Instruction[]): { readonly from: string[]; readonly to: string }[] {
  return instructions
    .filter(({ name, rest }) => name === "COPY" && !rest.startsWith("--from"))
    .map(({ rest }) => {
      const paths = rest.split(" ");
      return { from: paths.slice(0, -1), to: paths.at(-1) ?? "" };
    });
}

/** Instructions from the last FROM on. */
export function lastStage(instructions: readonly Instruction[]): Instruction[] {
  return instructions.slice(instructions.findLastIndex(({ name }) => name === "FROM"));
}

export function environmentOf(instructions: readonly Instruction[]): Record<string, string> {
  const pairs = instructions.filter(({ name }) => name === "ENV").flatMap(({ rest }) => rest.split(" "));
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}

/** The exec form of CMD, as JSON. */
export function commandOf(instructions: readonly Instruction[], name: "CMD" | "HEALTHCHECK"): string[] {
  const rest = instructions.findLast((instruction) => instruction.name === name)?.rest ?? "";
  return JSON.parse(rest.slice(rest.indexOf("["))) as string[];
}
