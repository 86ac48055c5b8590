import type { Socket, SocketListener, SocketPort } from "../ports/index.ts";

/** One connection as the server's end sees it. */
export interface FakeConnection {
  readonly url: string;
  readonly sent: string[];
  readonly closedByClient: boolean;
  open(): void;
  message(value: unknown): void;
  close(): void;
}

/** Sockets that a test answers by hand. */
export class FakeSockets implements SocketPort {
  readonly connections: FakeConnection[] = [];
  #waiting: ((connection: FakeConnection) => void)[] = [];

  open(url: string, listener: SocketListener): Socket {
    const sent: string[] = [];
    let closed = false;
    let closedByClient = false;
    const close = (reason: string): void => {
      if (closed) return;
      closed = true;
      queueMicrotask(() => listener.onClose(reason));
    };
    const connection: FakeConnection = {
      url,
      sent,
      get closedByClient() {
        return closedByClient;
      },
      open: () => listener.onOpen?.(),
      message: (value) => listener.onMessage(typeof value === "string" ? value : JSON.stringify(value)),
      close: () => close("by the server"),
    };
    this.connections.push(connection);
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) queueMicrotask(() => waiting(connection));
    return {
      send: (text) => sent.push(text),
      close() {
        closedByClient = true;
        close("by the client");
      },
    };
  }

  /** The next connection that is made. */
  next(): Promise<FakeConnection> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
