# Excalibur's server as a container: docs/operate/install.md. Checked as far as that goes without Docker (scripts/deploy); say if it does not build.
ARG NODE=26.10.0

FROM node:${NODE}-slim AS packages
WORKDIR /srv/excalibur
COPY package.json package-lock.json .npmrc ./
COPY core/package.json core/
COPY sdk/package.json sdk/
COPY server/package.json server/
COPY cli/package.json cli/
COPY client/package.json client/
COPY testing/package.json testing/
COPY bench/package.json bench/
# The image brings its own Node: the packages that would bring one are the optional ones.
RUN npm ci --omit=optional --omit=dev

# The bundler's own binary is one of the optional packages, so the web client is built apart.
FROM packages AS web
RUN npm ci --omit=dev
COPY core core
COPY sdk sdk
COPY client client
RUN node client/build/main.ts

FROM node:${NODE}-slim
WORKDIR /srv/excalibur
COPY --from=packages /srv/excalibur/node_modules node_modules
COPY package.json LICENSE ./
COPY scripts/launch.cjs scripts/
COPY core core
COPY server server
COPY --from=web /srv/excalibur/client/dist client/dist
# The data folder is below the volume and not the volume itself: a restore puts it together beside itself and renames it.
RUN install -d -o node -g node -m 0700 /var/lib/excalibur
VOLUME /var/lib/excalibur
ENV NODE_ENV=production \
    EXCALIBUR_DATA=/var/lib/excalibur/data \
    EXCALIBUR_HOST=0.0.0.0 \
    EXCALIBUR_PORT=52419
USER node
EXPOSE 52419
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.EXCALIBUR_PORT}/api/well-known/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/bin/excalibur-server.cjs", "start"]
