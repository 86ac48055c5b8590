import type { Listing } from "../../lib/files/use-listing.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Notice } from "../page/Notice.tsx";

/** Of a folder that is listed in part: why there is no more of it. */
export function PartNotice({ facts, failure, reload }: Pick<Listing, "facts" | "failure" | "reload">) {
  const text = useText();
  if (facts?.isPartial !== true || failure === undefined) return null;
  return (
    <Notice kind="bad">
      {text("files.partRead")} {errorText(failure)}
      <Button kind="ghost" onClick={reload}>
        {text("files.retry")}
      </Button>
    </Notice>
  );
}
