import type { Socket, SocketListener, SocketPort } from "@excalibur/sdk/ports";

/** WebSockets of the browser. */
export const webSocket: SocketPort = {
  open(url: string, listener: SocketListener): Socket {
    const socket = new WebSocket(url);
    socket.addEventListener("open", () => listener.onOpen?.());
    socket.addEventListener("message", ({ data: text }: MessageEvent<unknown>) => {
      // The protocol is text only; anything else comes from something that is not our server.
      if (typeof text === "string") listener.onMessage(text);
    });
    // An error is followed by a close, which says as much as browsers tell.
    socket.addEventListener("close", ({ code }) => listener.onClose(`closed with ${code}`), { once: true });
    return { send: (text) => socket.send(text), close: () => socket.close() };
  },
};
