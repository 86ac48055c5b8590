import type { Socket, SocketListener, SocketPort } from "@excalibur/sdk/ports";

/** Node's global WebSocket. */
export const nodeSocket: SocketPort = {
  open(url: string, listener: SocketListener): Socket {
    const socket = new WebSocket(url);
    let closed = false;
    const close = (reason: string): void => {
      if (closed) return;
      closed = true;
      listener.onClose(reason);
    };
    socket.addEventListener("open", () => listener.onOpen?.());
    socket.addEventListener("message", ({ data }) => {
      // The protocol is text only; anything else comes from something that is not our server.
      if (typeof data === "string") listener.onMessage(data);
    });
    socket.addEventListener("error", () => close("the connection failed"));
    socket.addEventListener("close", ({ code }) => close(`closed with ${code}`));
    return { send: (text) => socket.send(text), close: () => socket.close() };
  },
};
