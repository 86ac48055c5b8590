import type { FastifyInstance } from "fastify";

/** Where a device fetches the certificate authority of this server, to trust it after its fingerprint was compared. */
export const AUTHORITY_PATH = "/authority.crt";

/** Public by nature: every TLS handshake shows it. */
export function mountAuthority(app: FastifyInstance, pem: string): void {
  app.get(AUTHORITY_PATH, async (_request, reply) =>
    reply
      .header("content-disposition", 'attachment; filename="excalibur-authority.crt"')
      .type("application/x-x509-ca-cert")
      .send(pem),
  );
}
