import type { Failure } from "../../lib/text/index.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { CardPage } from "./CardPage.tsx";

/** Nothing answers any more in this window. */
export function LostPage({ failure }: { readonly failure: Failure }) {
  const text = useText();
  return (
    <CardPage title={text("app.lost")}>
      <div className="form">
        <p className="quiet" role="alert">
          {errorText(failure)}
        </p>
        <Button kind="primary" onClick={() => location.reload()}>
          {text("app.reload")}
        </Button>
      </div>
    </CardPage>
  );
}
