import { Link } from "react-router-dom";
import type { ListingFacts } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import "./Breadcrumbs.css";

/** Where the folder is; every part but the last leads there. Addresses hold ids, never names. */
export function Breadcrumbs({ path }: Pick<ListingFacts, "path">) {
  const text = useText();
  return (
    <nav className="crumbs" aria-label={text("files.path")}>
      <ol>
        {path.map(({ id, name }, index) => {
          const label = index === 0 ? text("nav.files") : name;
          const isHere = index === path.length - 1;
          return (
            <li key={id}>
              {isHere ? (
                <h1 dir="auto">{label}</h1>
              ) : (
                <Link dir="auto" data-drop-folder={id} to={index === 0 ? "/files" : `/files/${id}`}>
                  {label}
                </Link>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
