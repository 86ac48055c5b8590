/** Figures in Prometheus' format, for whoever runs the server. */

export { addGauges, type GaugePorts } from "./gauges.ts";
export { type AnsweredRequest, createMeters, type Meters } from "./meters.ts";
export { type MetricsServer, startMetricsServer } from "./metrics-server.ts";
