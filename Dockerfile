# Landfall in a container: docker build -t landfall:0.1.0 .
#
# Node comes out of the lock file, with its checksum, as everywhere in this project: what runs here is what the tests ran
# on, and an image of Node would bring another one, with npm beside it. To pin the bases as well, name them by digest:
# --build-arg BUILD=node:24-trixie-slim@sha256:… --build-arg BASE=debian:trixie-slim@sha256:…
ARG BUILD=node:24-trixie-slim
ARG BASE=debian:trixie-slim
ARG GO=golang:1.26-trixie

FROM ${BUILD} AS build
WORKDIR /opt/landfall
COPY package.json package-lock.json ./
# Headers are for those who compile addons.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && rm -rf node_modules/node-linux-*/include node_modules/node-linux-*/share
COPY bin bin
COPY src src
COPY examples examples
# Others may read all of it, and nobody may change it.
RUN chmod -R a=rX,u+w . && node_modules/.bin/node bin/landfall.js --version

# Helm and Kustomize from their sources, at the versions and checksums that the tests run.
FROM ${GO} AS tools
WORKDIR /tools
COPY test/cluster/tools/go.mod test/cluster/tools/go.sum ./
RUN version="$(go list -m -f '{{.Version}}' helm.sh/helm/v4)" \
 && CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X helm.sh/helm/v4/internal/version.version=${version}" -o /usr/local/bin/ tool

FROM ${BASE}
LABEL org.opencontainers.image.title="landfall" \
      org.opencontainers.image.description="Multi-cluster GitOps reconciler" \
      org.opencontainers.image.licenses="Apache-2.0"
# git and ssh for repositories over ssh, and for `transport: native`. ssh asks for the name of whoever runs it, so there
# is a user of that number; it owns nothing.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates git openssh-client \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 65532 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin landfall
COPY --from=build /opt/landfall /opt/landfall
COPY --from=tools /usr/local/bin/helm /usr/local/bin/kustomize /usr/local/bin/
# Commands look for landfall.yaml here. Written to are only `stateDir` and /tmp: the root may be read-only.
WORKDIR /etc/landfall/settings
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/opt/landfall/node_modules/.bin/node", "/opt/landfall/bin/landfall.js"]
CMD ["run"]
