import type { Socket, SocketListener, SocketPort } from "@excalibur/sdk/ports";
import type { WebSocket } from "ws";
import type { ServerTrust } from "./trust/index.ts";

/** Announcements are short. */
const LONGEST_MESSAGE_BYTES = 1024 * 1024;
const HANDSHAKE_TIMEOUT_MS = 30_000;

/** WebSockets that believe the same servers as HTTP does, which Node's own cannot be told. */
export function nodeSocket(trust: ServerTrust): SocketPort {
  return {
    open(url: string, listener: SocketListener): Socket {
      let closed = false;
      const close = (reason: string): void => {
        if (closed) return;
        closed = true;
        listener.onClose(reason);
      };
      // Most commands listen to nothing, so the library is loaded by the first that does.
      const opening = connect(url, trust).then((socket) => {
        if (closed) socket.terminate();
        else listen(socket, listener, close);
        return socket;
      });
      opening.catch(() => close("the connection failed"));
      const whenThere = (work: (socket: WebSocket) => void): void => void opening.then(work, () => undefined);
      return {
        send: (text) => whenThere((socket) => socket.send(text)),
        close: () => whenThere((socket) => socket.close()),
      };
    },
  };
}

async function connect(url: string, trust: ServerTrust): Promise<WebSocket> {
  const { WebSocket } = await import("ws");
  const secureContext = trust.contextOf(new URL(url).origin.replace(/^ws/, "http"));
  return new WebSocket(url, {
    maxPayload: LONGEST_MESSAGE_BYTES,
    perMessageDeflate: false,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    ...(secureContext === undefined ? {} : { secureContext }),
  });
}

function listen(socket: WebSocket, listener: SocketListener, close: (reason: string) => void): void {
  socket.on("open", () => listener.onOpen?.());
  socket.on("message", (bytes, isBinary) => {
    // The protocol is text only; anything else comes from something that is not our server.
    if (!isBinary) listener.onMessage(bytes.toString());
  });
  socket.on("error", () => close("the connection failed"));
  socket.on("close", (code) => close(`closed with ${code}`));
}
