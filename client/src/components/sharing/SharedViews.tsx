import { Link, useLocation } from "react-router-dom";
import { useText } from "../../lib/text/index.ts";
import "./SharedViews.css";

const VIEWS = [
  ["/shared-with-me", "sharing.withMe"],
  ["/shared-by-me", "sharing.byMe"],
  ["/links", "links.place"],
] as const;

/** On phones, where the places below have room for one of them. */
export function SharedViews() {
  const text = useText();
  const { pathname } = useLocation();
  return (
    <nav className="shared-views" aria-label={text("sharing.views")}>
      {VIEWS.map(([to, label]) => (
        <Link key={to} to={to} aria-current={pathname === to ? "page" : undefined}>
          {text(label)}
        </Link>
      ))}
    </nav>
  );
}
