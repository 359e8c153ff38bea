# Smart Router: one image for api, leader-worker, smart-router and the command line.
#
#   docker build -t smart-router .
#   docker run -p 127.0.0.1:8080:8080 -e ALLOW_OPEN_API=true smart-router
#   docker run … smart-router /app/api/main.js
#
# Without Docker: `npm run image`, see docs/operations.md.
ARG BUILD_IMAGE=node:24.21.0-bookworm-slim
ARG RUNTIME_IMAGE=gcr.io/distroless/cc-debian12:nonroot

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN ["npm", "ci", "--no-audit", "--no-fund"]
COPY . .
RUN ["npm", "run", "build"]
RUN ["node", "tools/image/stage.mjs", "/image"]

# Stands in for a voice agent in compose.yaml; not part of what is shipped.
FROM ${RUNTIME_IMAGE} AS stand-in-agent
COPY --from=build /image/node /usr/local/bin/node
COPY --from=build /image/stand-in-agent /app
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/node", "/app/main.js"]

FROM ${RUNTIME_IMAGE}
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Smart Router" \
      org.opencontainers.image.description="Decides which voice-agent pod takes a phone call" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /image/node /usr/local/bin/node
COPY --from=build /image/app /app
ENV NODE_ENV=production
WORKDIR /app
# Nobody owns a file in it: what runs can change nothing, whether the root is mounted read-only or not.
USER 65532:65532
EXPOSE 8080 9090
STOPSIGNAL SIGTERM
# Of the process, not of Redis: a restart would not bring that back.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 CMD ["/usr/local/bin/node", "/app/health.mjs"]
ENTRYPOINT ["/usr/local/bin/node"]
CMD ["/app/smart-router/main.js"]
