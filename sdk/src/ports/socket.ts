/** A WebSocket with text messages. */

export interface SocketListener {
  onOpen?(): void;
  onMessage(text: string): void;
  /** Called exactly once, also when the connection never came to be. `reason` is for logs. */
  onClose(reason: string): void;
}

export interface Socket {
  send(text: string): void;
  /** `onClose` follows. Closing twice does nothing. */
  close(): void;
}

export interface SocketPort {
  /** Starts to connect to a ws: or wss: address; messages may be sent from `onOpen` on. Never throws for network reasons. */
  open(url: string, listener: SocketListener): Socket;
}
