import { Empty } from "../../components/page/Empty.tsx";
import { useText } from "../../lib/text/index.ts";

/** The page was loaded again, or the address was cut where it was copied. */
export function IncompletePage() {
  const text = useText();
  return <Empty icon="lock" title={text("publicPages.incompleteTitle")} lead={text("publicPages.incompleteLead")} />;
}
