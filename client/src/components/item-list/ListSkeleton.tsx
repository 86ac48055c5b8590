import "./ListSkeleton.css";

const ROWS = [72, 54, 63, 47, 68];

/** Where rows will be, while a folder is fetched. */
export function ListSkeleton() {
  return (
    <div className="skeleton" aria-hidden="true">
      {ROWS.map((width) => (
        <div key={width} className="skeleton-row">
          <span className="skeleton-tile" />
          <span className="skeleton-line" style={{ inlineSize: `${width}%` }} />
        </div>
      ))}
    </div>
  );
}
