import type { Run } from "../run.ts";
import { insideLines } from "./inside.ts";
import { idText } from "./shared-folder.ts";

/** Lets those in who took up invitations of this person; what stands in the way of some is told to `onProblem`. */
export async function letIn(run: Run, onProblem: (error: unknown) => void) {
  const { claims } = await run.drive();
  const welcomed = await claims.settle({ signal: run.signal, onProblem });
  for (const { name, role, inside } of welcomed) {
    run.output.note(
      `${name} took up an invitation and is let in as ${role}. Nobody has compared their keys: «excalibur contact verify ${name} DIGITS» does.`,
    );
    for (const line of insideLines(inside)) run.output.note(line);
  }
  return welcomed.map(({ volumeId, name, role, inside }) => ({ id: idText(volumeId), person: name, role, inside }));
}
