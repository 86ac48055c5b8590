import type { LinkItem } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";

/** In words; the colour only says it once more. */
export function LinkState({ state }: Pick<LinkItem, "state">) {
  const text = useText();
  return <span className={`link-state link-state-${state}`}>{text(`links.states.${state}`)}</span>;
}
