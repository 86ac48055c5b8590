import type { AccountSession } from "./account/index.ts";
import { type Drive, volumeOptions } from "./drive.ts";
import type { Ports } from "./ports/index.ts";
import { type Salvaged, salvage } from "./repair/index.ts";
import { askRejoin, type Rejoined, type RejoinQuestion } from "./volumes/index.ts";

type Options = { readonly signal?: AbortSignal };

/** A server that lost history, and a person who may go on from what it has: only after the password was typed. */
export interface Rejoin {
  /** What to show before asking. */
  readonly question: RejoinQuestion;
  /** The answer is yes. Throws RejoinImpossibleError, and then nothing was changed. */
  goOn(options?: Options): Promise<RejoinResult>;
}

export interface RejoinResult extends Rejoined, Salvaged {}

export interface RejoinContext {
  readonly session: AccountSession;
  readonly ports: Ports;
  /** Opens the drive at what was accepted. */
  readonly openDrive: (options: Options) => Promise<Drive>;
}

/** undefined: the server has everything that this device has seen. */
export async function askRejoinDrive(context: RejoinContext, options: Options = {}): Promise<Rejoin | undefined> {
  const { session, ports, openDrive } = context;
  const turn = await askRejoin({ ...(await volumeOptions(session, ports)), ...options });
  if (turn === undefined) return undefined;
  const { question } = turn;
  return {
    question,
    goOn: async (goOnOptions = {}) => {
      const rejoined = await turn.goOn(goOnOptions);
      // From now on a fresh device takes this for the floor.
      await session.pushHeads(goOnOptions);
      const { volume } = await openDrive(goOnOptions);
      const paths = question.lost.items.map(({ path }) => path);
      if (!rejoined.gaveUp) return { ...rejoined, restored: paths, lost: [], left: [] };
      const author = { addedBy: session.userId, nowMs: session.api.transport.nowMs() };
      const { lost, wentOn } = question;
      return { ...rejoined, ...(await salvage({ volume, lost, wentOn, author, ...goOnOptions })) };
    },
  };
}
