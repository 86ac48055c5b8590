import { type MouseEvent, useState } from "react";
import { Link } from "react-router-dom";
import { Button, IconButton } from "../../components/controls/Button.tsx";
import { Icon } from "../../components/controls/Icon.tsx";
import { useCopied } from "../../components/controls/use-copied.ts";
import type { RequestItem } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { AddressDialog } from "./AddressDialog.tsx";
import { RequestMenu } from "./RequestMenu.tsx";
import { factsOf, stateOf, stateText, titleOf } from "./request-text.ts";

export function RequestRow({ request }: { readonly request: RequestItem }) {
  const text = useText();
  const [menuAt, setMenuAt] = useState<Event>();
  const [copied, copy] = useCopied();
  const [isRefused, setRefused] = useState(false);
  const { id, url, waiting } = request;
  const name = titleOf(request);
  const state = stateOf(request);
  return (
    <li className="request-row">
      <span className={`tile ${state === "open" ? "tile-folder" : ""}`}>
        <Icon name="inbox" />
      </span>
      <p>
        <span className="request-head">
          <Link dir="auto" to={`/requests/${id}`}>
            {name}
          </Link>
          {waiting > 0 && <b className="request-waiting">{text("requests.waiting", { count: waiting })}</b>}
        </span>
        <small className="faint">
          <span className={`request-state request-${state}`}>{stateText(request)}</span>
          {` · ${factsOf(request)}`}
        </small>
      </p>
      <Button
        icon={copied === "done" ? "check" : "copy"}
        aria-label={text("requests.copyOf", { name })}
        onClick={() => copy(url)}
      >
        {text(copied === "done" ? "requests.copied" : "requests.copy")}
      </Button>
      <IconButton
        icon="dots"
        label={text("files.actions", { name })}
        aria-haspopup="menu"
        onClick={(event: MouseEvent) => setMenuAt(event.nativeEvent)}
      />
      <RequestMenu request={request} at={menuAt} onClose={() => setMenuAt(undefined)} />
      {copied === "refused" && !isRefused && <AddressDialog request={request} onClose={() => setRefused(true)} />}
    </li>
  );
}
