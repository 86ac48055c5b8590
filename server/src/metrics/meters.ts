import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";

/** One answered request. */
export interface AnsweredRequest {
  /** The route's id, or "none". */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
  /** As they passed the connection, headers included. */
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** What is counted as it happens. */
export interface Meters {
  readonly registry: Registry;
  request(answered: AnsweredRequest): void;
  query(kind: string, seconds: number): void;
}

const REQUEST_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const QUERY_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** Labels are words of ours only: never an address, a name, an id of anybody. */
export function createMeters(): Meters {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: "excalibur_http_requests_total",
    help: "Requests answered, by route and class of status.",
    labelNames: ["route", "status"],
    registers,
  });
  const durations = new Histogram({
    name: "excalibur_http_request_duration_seconds",
    help: "From a request's headers to the end of its answer, by route.",
    labelNames: ["route"],
    buckets: REQUEST_SECONDS,
    registers,
  });
  const received = new Counter({
    name: "excalibur_http_received_bytes_total",
    help: "Bytes of requests, headers included, by route.",
    labelNames: ["route"],
    registers,
  });
  const sent = new Counter({
    name: "excalibur_http_sent_bytes_total",
    help: "Bytes of answers, headers included, by route.",
    labelNames: ["route"],
    registers,
  });
  const queries = new Histogram({
    name: "excalibur_database_query_duration_seconds",
    help: "Time of database statements, waiting included, by kind.",
    labelNames: ["kind"],
    buckets: QUERY_SECONDS,
    registers,
  });
  return {
    registry,
    request: ({ route, status, seconds, receivedBytes, sentBytes }) => {
      requests.inc({ route, status: `${Math.floor(status / 100)}xx` });
      durations.observe({ route }, seconds);
      received.inc({ route }, receivedBytes);
      sent.inc({ route }, sentBytes);
    },
    query: (kind, seconds) => queries.observe({ kind }, seconds),
  };
}
