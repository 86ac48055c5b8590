import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { Outbox, type OutboxState } from "../../../lib/files/outbox.ts";
import {
  connectEngine,
  type EngineFailure,
  failureOf,
  type ReceiptView,
  type RemoteEngine,
  type RequestFace,
} from "../../../lib/session/index.ts";

interface Parts {
  readonly engine: RemoteEngine;
  readonly outbox: Outbox;
}

export interface OpenedRequest {
  /** As it was when it was asked last. */
  readonly face: RequestFace | undefined;
  readonly failure: EngineFailure | undefined;
  readonly outbox: Outbox;
  readonly state: OutboxState;
  /** Of what this browser has sent, once something is. */
  readonly receipt: ReceiptView | undefined;
  reload(): void;
}

/** Opens a request by its address, in an engine of its own. No account of this browser is touched for it. */
export function useRequest(address: string): OpenedRequest {
  const [face, setFace] = useState<RequestFace>();
  const [failure, setFailure] = useState<EngineFailure>();
  const [receipt, setReceipt] = useState<ReceiptView>();
  const [{ engine, outbox }] = useState((): Parts => {
    const connected = connectEngine(setFailure);
    return { engine: connected, outbox: new Outbox(connected.sending) };
  });
  const state = useSyncExternalStore(outbox.subscribe, () => outbox.state);
  const fail = useCallback((error: unknown) => setFailure(failureOf(error)), []);
  const readReceipt = useCallback(async () => {
    const read = await engine.sending.receipt();
    outbox.hearReceipt(read);
    setReceipt(read.items.length === 0 ? undefined : read);
  }, [engine, outbox]);
  const reload = useCallback(() => {
    setFailure(undefined);
    engine.sending
      .open(address)
      .then((opened) => {
        setFace(opened);
        outbox.watchLeft();
        return readReceipt();
      }, fail)
      .catch(fail);
  }, [engine, outbox, address, readReceipt, fail]);
  useEffect(reload, [reload]);
  // What arrived, and what is taken still, is asked when nothing moves any more.
  const { isMoving, counts } = state;
  const settled = counts.done + counts.failed;
  useEffect(() => {
    if (isMoving || settled === 0) return;
    Promise.all([engine.sending.refresh().then(setFace), readReceipt()]).catch(fail);
  }, [engine, isMoving, settled, readReceipt, fail]);
  return { face, failure, outbox, state, receipt, reload };
}
