# The gateway in front of the API.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0-noble

FROM ${SDK_IMAGE} AS build
WORKDIR /src
COPY . .
RUN dotnet publish gateway/Ferry.Gateway -c Release -o /app --nologo

FROM ${RUNTIME_IMAGE}
COPY --from=build /app /app
RUN mkdir -p /var/lib/ferry/chunks && chown -R 10001:10001 /var/lib/ferry
WORKDIR /var/lib/ferry
USER 10001:10001
ENV ASPNETCORE_URLS=http://+:8080 HOME=/var/lib/ferry
EXPOSE 8080
ENTRYPOINT ["/app/Ferry.Gateway"]
