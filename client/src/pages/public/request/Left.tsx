import { Button } from "../../../components/controls/Button.tsx";
import type { LeftBehind } from "../../../lib/session/index.ts";
import { formatBytes, useText } from "../../../lib/text/index.ts";

/** The rest is counted. */
const SHOWN = 8;

export interface LeftProps {
  readonly left: readonly LeftBehind[];
  readonly onForget: () => void;
}

/** The browser may not open files by itself any more: says which to choose again. */
export function Left({ left, onForget }: LeftProps) {
  const text = useText();
  const more = left.length - SHOWN;
  return (
    <section className="send-left">
      <h2>{text("requests.send.left", { count: left.length })}</h2>
      <p>{text("requests.send.leftLead")}</p>
      <ul>
        {left.slice(0, SHOWN).map(({ id, path, sizeBytes }) => (
          <li key={id}>
            <span dir="auto">{path}</span> <span className="faint number">{formatBytes(sizeBytes)}</span>
          </li>
        ))}
        {more > 0 && <li className="faint">{text("requests.send.leftMore", { count: more })}</li>}
      </ul>
      <Button onClick={onForget}>{text("requests.send.forgetLeft")}</Button>
    </section>
  );
}
