import { Link, useLocation } from "react-router-dom";
import { Icon } from "../../components/controls/Icon.tsx";
import { DrivePage } from "../../components/drive/DrivePage.tsx";
import { useText } from "../../lib/text/index.ts";
import { SECTIONS } from "./sections.ts";
import "./SettingsPage.css";

/** On wide screens the sections stand beside the one that is open; on phones they are a page of their own. */
export function SettingsPage() {
  const text = useText();
  const [, address] = /^\/settings\/([a-z-]+)$/.exec(useLocation().pathname) ?? [];
  const chosen = SECTIONS.find(({ id }) => id === address);
  const { id: shownId, Section } = chosen ?? SECTIONS[0];
  return (
    <DrivePage
      head={
        <h1 className="settings-title">
          {chosen !== undefined && (
            <Link to="/settings" className="icon-button settings-back" aria-label={text("settings.back")}>
              <Icon name="back" />
            </Link>
          )}
          <span className={chosen === undefined ? undefined : "settings-wide"}>{text("settings.title")}</span>
          {chosen !== undefined && <span className="settings-narrow">{text(chosen.title)}</span>}
        </h1>
      }
    >
      <div className={`settings ${chosen === undefined ? "settings-at-list" : "settings-at-section"}`}>
        <nav className="settings-list" aria-label={text("settings.sections")}>
          <ul>
            {SECTIONS.map(({ id, icon, title, about }) => (
              <li key={id}>
                <Link to={`/settings/${id}`} aria-current={id === shownId ? "page" : undefined}>
                  <Icon name={icon} />
                  <span>
                    {text(title)}
                    <small>{text(about)}</small>
                  </span>
                  <Icon name="chevron" />
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <section
          className="settings-section"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and who has no mouse scrolls it by keys
          tabIndex={0}
          aria-label={`${text("settings.title")}: ${text((chosen ?? SECTIONS[0]).title)}`}
        >
          <Section key={shownId} />
        </section>
      </div>
    </DrivePage>
  );
}
