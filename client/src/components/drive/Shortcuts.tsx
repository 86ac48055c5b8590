import { useText } from "../../lib/text/index.ts";
import { SHORTCUTS } from "./shortcut-keys.ts";
import "./Shortcuts.css";

/** What the keys do, in groups. */
export function Shortcuts() {
  const text = useText();
  return (
    <div className="shortcuts">
      {SHORTCUTS.map(({ group, keys }) => (
        <section key={group}>
          <h3>{text(group)}</h3>
          <dl>
            {keys.map(({ does, presses }) => (
              <div key={does}>
                <dt>{text(does)}</dt>
                <dd>
                  {presses.map((press, index) => (
                    <span key={press}>
                      {index > 0 && <span className="faint">{text("settings.shortcuts.or")}</span>}
                      <kbd>{press}</kbd>
                    </span>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
