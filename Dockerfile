# loom-dispatch in a container: the linked image on a distroless base; no shell, not root, nothing to write to.
#
#   docker build -t loom-dispatch .
#
# For amd64 and arm64 alike: docker buildx build --platform linux/amd64,linux/arm64 (each is linked and trained on its own).
# The base images are arguments, so that it builds from a mirror or from images made by hand:
#   BUILD_IMAGE    a JDK 25 and Maven 3.8.7 or newer
#   RUNTIME_IMAGE  glibc (libc, libm, libdl, libpthread, librt and the loader) and nothing else is needed
ARG BUILD_IMAGE=docker.io/library/maven:3-eclipse-temurin-25
ARG RUNTIME_IMAGE=gcr.io/distroless/base-nossl-debian12:nonroot

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY . .
# The tests need real servers and have run before; what is built here is the same image that they tested.
ARG MAVEN_ARGUMENTS="-B -ntp"
RUN mvn ${MAVEN_ARGUMENTS} -DskipTests -pl jlink -am package

FROM ${RUNTIME_IMAGE}
COPY --from=build /src/jlink/target/loom-dispatch /opt/loom-dispatch
# The number, and not the name, lets an orchestrator see that it is not root.
USER 65532:65532
# Anywhere else than in a container it listens on loopback alone.
ENV PROMETHEUS_HOST=0.0.0.0
EXPOSE 8005
# Java is process 1: SIGTERM drains, settles and ends with 0. JDK_JAVA_OPTIONS adds options.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["/opt/loom-dispatch/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx16m", "-m", "loom.dispatch.metrics/loom.dispatch.metrics.http.LivenessCommand"]
ENTRYPOINT ["/opt/loom-dispatch/bin/java", "-XX:AOTCache=/opt/loom-dispatch/lib/loom-dispatch.aot", "@/opt/loom-dispatch/lib/loom-dispatch.options", "-m", "loom.dispatch.app/loom.dispatch.app.Main"]
