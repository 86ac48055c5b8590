import { useSyncExternalStore } from "react";
import { useTransfers } from "../../Contexts.tsx";
import { ConflictDialog } from "./ConflictDialog.tsx";
import { RoomDialog } from "./RoomDialog.tsx";

/** What transfers ask. They go on meanwhile with everything else. */
export function TransferDialogs() {
  const transfers = useTransfers();
  const { tooMuch, asking } = useSyncExternalStore(transfers.subscribe, () => transfers.state);
  return (
    <>
      {tooMuch !== undefined && <RoomDialog tooMuch={tooMuch} onDecide={(goOn) => transfers.decideRoom(goOn)} />}
      {asking !== undefined && (
        <ConflictDialog
          transfer={asking}
          onDecide={(decision, forAll) => transfers.decide(asking, decision, forAll)}
          onLater={() => transfers.ask(undefined)}
        />
      )}
    </>
  );
}
