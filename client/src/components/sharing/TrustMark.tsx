import { useText } from "../../lib/text/index.ts";
import { Icon } from "../controls/Icon.tsx";
import "./TrustMark.css";

/** Whether somebody compared the digits of a person's keys: never by colour alone. */
export function TrustMark({ isVerified }: { readonly isVerified: boolean }) {
  const text = useText();
  return (
    <span className={isVerified ? "trust trust-verified" : "trust"}>
      {isVerified && <Icon name="shield" />}
      {text(isVerified ? "sharing.verified" : "sharing.notVerified")}
    </span>
  );
}
