import { useLayoutEffect, useRef } from "react";
import { errorText, type Failure, useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { useViewer } from "../drive/use-viewer.ts";
import "./LostViewer.css";

/** Instead of a file, when what shows files did not come or broke: the page below is as it was. */
export function LostViewer({ failure }: { readonly failure: Failure }) {
  const text = useText();
  const { close } = useViewer();
  const dialog = useRef<HTMLDialogElement>(null);
  // Closed before it leaves the page: only then does a dialog give the focus back.
  useLayoutEffect(() => {
    const { current } = dialog;
    current?.showModal();
    return () => current?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="lost-viewer"
      aria-labelledby="lost-viewer-title"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <h2 id="lost-viewer-title">{text("viewer.failedTitle")}</h2>
      <p className="quiet" role="alert">
        {errorText(failure)}
      </p>
      <div className="dialog-actions">
        <Button onClick={close}>{text("app.close")}</Button>
        <Button kind="primary" onClick={() => location.reload()}>
          {text("app.reload")}
        </Button>
      </div>
    </dialog>
  );
}
