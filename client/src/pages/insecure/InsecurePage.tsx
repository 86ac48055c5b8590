import { Mark } from "../../components/page/Mark.tsx";
import { useText } from "../../lib/text/index.ts";

/** http:// on an address that is not this machine: browsers give no ciphers there. Says what to do, and does nothing else. */
export function InsecurePage() {
  const text = useText();
  const { origin, port } = location;
  return (
    <main className="plain">
      <Mark size={40} />
      <h1>{text("insecure.title")}</h1>
      <p>{text("insecure.lead")}</p>
      <p>{text("insecure.here", { address: `http://localhost${port === "" ? "" : `:${port}`}` })}</p>
      <p>{text("insecure.https")}</p>
      <p>{text("insecure.cli", { origin })}</p>
    </main>
  );
}
