# The service and its tools in one image: docker build -t streaminsight .
# Package profile `complete` (docs/decisions/0007): the newest Kafka and Redis clients, and Kafka's native library from its package.

FROM node:22-slim AS console
WORKDIR /console
COPY src/StreamInsight.Console/package.json src/StreamInsight.Console/package-lock.json src/StreamInsight.Console/.npmrc ./
RUN npm ci --ignore-scripts
COPY src/StreamInsight.Console/ ./
RUN npm run build

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# First what names packages: a change of code leaves the layer with the packages as it is.
COPY .editorconfig Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY src/StreamInsight.Core/StreamInsight.Core.csproj src/StreamInsight.Core/
COPY src/StreamInsight.Pipeline/StreamInsight.Pipeline.csproj src/StreamInsight.Pipeline/
COPY src/StreamInsight.Sqlite/StreamInsight.Sqlite.csproj src/StreamInsight.Sqlite/
COPY src/StreamInsight.Kafka/StreamInsight.Kafka.csproj src/StreamInsight.Kafka/
COPY src/StreamInsight.Redis/StreamInsight.Redis.csproj src/StreamInsight.Redis/
COPY src/StreamInsight.Webhooks/StreamInsight.Webhooks.csproj src/StreamInsight.Webhooks/
COPY src/StreamInsight.Orleans/StreamInsight.Orleans.csproj src/StreamInsight.Orleans/
COPY src/StreamInsight.Server/StreamInsight.Server.csproj src/StreamInsight.Server/
RUN dotnet restore src/StreamInsight.Server/StreamInsight.Server.csproj --use-current-runtime -p:PackageProfile=complete -p:PublishReadyToRun=true

COPY samples/ samples/
COPY src/ src/
COPY --from=console /console/dist src/StreamInsight.Console/dist/
# ReadyToRun: compiled ahead, because the health check starts the program every ten seconds and a restart should take events soon.
RUN dotnet publish src/StreamInsight.Server/StreamInsight.Server.csproj --no-restore --use-current-runtime --self-contained false -c Release -o /app -p:PackageProfile=complete -p:PublishReadyToRun=true -p:DebugType=none

FROM mcr.microsoft.com/dotnet/aspnet:10.0
LABEL org.opencontainers.image.title="StreamInsight" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /app /app
COPY samples/ /app/samples/
COPY LICENSE /app/LICENSE
# The data folder of a service on its own. On several nodes the state is in Redis, and nothing is written but in /tmp.
RUN mkdir /data && chown 1654:1654 /data
# 1654 is the user `app` of the base image; a number, so that Kubernetes can see that it is not root.
USER 1654:1654
WORKDIR /data
VOLUME /data
# No diagnostics: their socket would have to be written. The service listens on all addresses only once it has keys.
ENV DOTNET_EnableDiagnostics=0 DOTNET_NOLOGO=1 PATH="/app:$PATH" STREAMINSIGHT_DATA=/data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/app/streaminsight", "health"]
ENTRYPOINT ["/app/streaminsight"]
CMD ["run", "--config", "/etc/streaminsight/insight.yaml"]
