import { Icon, type IconName } from "../../../components/controls/Icon.tsx";
import type { RewindLine, RewindView } from "../../../lib/session/index.ts";
import { useText } from "../../../lib/text/index.ts";

const ICONS: Readonly<Record<RewindLine["does"], IconName>> = {
  trash: "trash",
  comeBack: "restore",
  content: "clock",
  place: "move",
};

/** What would happen to each item, what stays for being shared, and what cannot come back. */
export function RewindList({ view: { changes, count, left, lost } }: { readonly view: RewindView }) {
  const text = useText();
  if (count === 0 && left.length === 0 && lost.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys have to reach it for that
    <ul className="rewind-list" tabIndex={0} aria-label={text("rewind.list")}>
      {changes.map(({ does, path, to }) => (
        <li key={`${does} ${path} ${to}`}>
          <Icon name={ICONS[does]} />
          <span>
            <span className="rewind-path" dir="auto">
              {path}
            </span>
            <span className="faint">{text(`rewind.does.${does}`, { to })}</span>
          </span>
        </li>
      ))}
      {count > changes.length && <li className="quiet">{text("rewind.more", { count: count - changes.length })}</li>}
      {left.map(({ path, reason }) => (
        <li key={`left ${path} ${reason}`}>
          <Icon name="people" />
          <span>
            <span className="rewind-path" dir="auto">
              {path}
            </span>
            <span className="faint">{text(`rewind.left.${reason}`)}</span>
          </span>
        </li>
      ))}
      {lost.map(({ path, reason }) => (
        <li key={`lost ${path} ${reason}`} className="rewind-lost">
          <Icon name="info" />
          <span>
            <span className="rewind-path" dir="auto">
              {path}
            </span>
            <span>{text(`rewind.lost.${reason}`)}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
