import { Mark } from "./Mark.tsx";
import "./Starting.css";

/** While something opens: the mark alone, and only when it takes long enough to be seen. */
export function Starting() {
  return (
    <div className="starting">
      <Mark size={56} />
    </div>
  );
}
