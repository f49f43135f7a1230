# loom-dispatch in a container: the linked image on a distroless base, without a shell, not root, read-only.
#
#   docker build -t loom-dispatch .
#
# For amd64 and arm64: docker buildx build --platform linux/amd64,linux/arm64 . (each platform is linked on its own).
# The base images are arguments, so that you can use a mirror or your own images:
#   BUILD_IMAGE    a JDK 25 and Maven 3.8.7 or newer
#   RUNTIME_IMAGE  glibc (libc, libm, libdl, libpthread, librt and the loader); nothing else is needed
ARG BUILD_IMAGE=docker.io/library/maven:3-eclipse-temurin-25
ARG RUNTIME_IMAGE=gcr.io/distroless/base-nossl-debian12:nonroot

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY . .
# Tests need real servers, so CI runs them before. This builds the same image that they tested.
ARG MAVEN_ARGUMENTS="-B -ntp"
RUN mvn ${MAVEN_ARGUMENTS} -DskipTests -pl jlink -am package

FROM ${RUNTIME_IMAGE}
COPY --from=build /src/jlink/target/loom-dispatch /opt/loom-dispatch
# A numeric user lets Kubernetes verify that it is not root.
USER 65532:65532
# Outside a container the service listens on loopback only.
ENV PROMETHEUS_HOST=0.0.0.0
EXPOSE 8005
# Java is process 1: SIGTERM drains and exits with 0. JDK_JAVA_OPTIONS adds options.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["/opt/loom-dispatch/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx16m", "-m", "loom.dispatch.metrics/loom.dispatch.metrics.http.LivenessCommand"]
ENTRYPOINT ["/opt/loom-dispatch/bin/java", "-XX:AOTCache=/opt/loom-dispatch/lib/loom-dispatch.aot", "@/opt/loom-dispatch/lib/loom-dispatch.options", "-m", "loom.dispatch.app/loom.dispatch.app.Main"]
