import { equalBytes } from "@excalibur/core/bytes";
import type { Volume } from "../../volumes/index.ts";
import { hasLeft } from "../member-changes.ts";
import type { CarryContext } from "./carry.ts";
import { findInside } from "./find-inside.ts";
import type { KeptOut } from "./types.ts";

/** The shared folders inside a volume in which not everybody of the volume is, each by the way to it. Changes nothing. */
export async function findKeptOut(
  { account, api, volumes }: CarryContext,
  volume: Volume,
  options: { readonly signal?: AbortSignal },
): Promise<KeptOut[]> {
  await volume.catchUp(options);
  const { inner, unchanged } = await findInside(volumes, { volume }, options);
  const answers = await api.answers(volume.volumeId, options);
  const around = volume.members().rows.filter(({ userId }) => !hasLeft(answers, userId));
  const keptOut = inner.map(({ name, volume: inside }) => {
    const { rows } = inside.members();
    const people = around.filter(({ userId }) => !rows.some((row) => equalBytes(row.userId, userId)));
    return { name, people: people.map((row) => row.name) };
  });
  // Of what does not open for this person nobody else is known.
  for (const { name, reason } of unchanged) if (reason === "closed") keptOut.push({ name, people: [account.name] });
  return keptOut.filter(({ people }) => people.length > 0);
}
