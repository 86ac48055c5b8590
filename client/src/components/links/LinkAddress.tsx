import { useRef, useState } from "react";
import { useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";

/** The address, as often as it is wanted: it comes from the keys of the person, who alone can read it there. */
export function LinkAddress({ address, name }: { readonly address: string; readonly name: string }) {
  const text = useText();
  const field = useRef<HTMLInputElement>(null);
  const [outcome, setOutcome] = useState<"copied" | "notCopied">();
  const copy = (): void => {
    navigator.clipboard.writeText(address).then(
      () => setOutcome("copied"),
      () => {
        setOutcome("notCopied");
        field.current?.select();
      },
    );
  };
  return (
    <div className="link-address">
      <input
        ref={field}
        className="number"
        readOnly
        value={address}
        aria-label={text("links.address", { name })}
        onFocus={(event) => event.target.select()}
      />
      <Button icon={outcome === "copied" ? "check" : "copy"} onClick={copy}>
        {text(outcome === "copied" ? "links.copied" : "links.copy")}
      </Button>
      <span role="status" className="faint">
        {outcome === "notCopied" && text("links.notCopied")}
      </span>
    </div>
  );
}
