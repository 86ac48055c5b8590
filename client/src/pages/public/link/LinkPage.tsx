import { Starting } from "../../../components/page/Starting.tsx";
import { PublicFrame } from "../../../components/public/PublicFrame.tsx";
import type { PublicPlace } from "../../../lib/session/index.ts";

/** What a link leads to. */
export function LinkPage(_: { readonly place: PublicPlace }) {
  return (
    <PublicFrame layout="card">
      <Starting />
    </PublicFrame>
  );
}
