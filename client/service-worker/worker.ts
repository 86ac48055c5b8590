/** The part of a service worker's globals that is used here: TypeScript offers them only instead of those of a page. */

export interface LastingEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

export interface RequestEvent extends LastingEvent {
  readonly request: Request;
  /** The window that asks for something it shows; empty where somebody goes to an address. */
  readonly clientId: string;
  respondWith(answer: Promise<Response> | Response): void;
}

export interface MessageToWorker extends LastingEvent {
  readonly data: unknown;
  readonly origin: string;
  readonly ports: readonly MessagePort[];
}

export interface WindowClient {
  readonly type: string;
  postMessage(message: unknown, transfer: readonly Transferable[]): void;
}

export interface Worker {
  readonly location: Location;
  readonly clients: { claim(): Promise<void>; get(id: string): Promise<WindowClient | undefined> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: LastingEvent) => void): void;
  addEventListener(type: "message", listener: (event: MessageToWorker) => void): void;
  addEventListener(type: "fetch", listener: (event: RequestEvent) => void): void;
}
