# The fix-up service.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
# Debian for libguestfs and its kernel; there is no .NET image on it, so the program brings its own runtime.
ARG RUNTIME_IMAGE=debian:bookworm-slim

FROM ${SDK_IMAGE} AS build
# For the first-boot service of Windows guests.
RUN apt-get update && apt-get install -y --no-install-recommends gcc-mingw-w64-x86-64-win32 gcc-mingw-w64-i686-win32 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN dotnet publish services/fixup/Ferry.Fixup -c Release -o /app --self-contained -r linux-x64 --nologo

FROM ${RUNTIME_IMAGE}
# The guest appliance: libguestfs starts a small virtual machine; it needs an emulator and a kernel that any user can read.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libssl3 libstdc++6 libguestfs0 libguestfs-xfs supermin qemu-system-x86 ovmf qemu-utils kmod linux-image-cloud-amd64 \
    && rm -rf /var/lib/apt/lists/* \
    && chmod 0644 /boot/vmlinuz-*
ENV LIBGUESTFS_BACKEND=direct
COPY --from=build /app /app
RUN mkdir -p /var/lib/ferry/chunks && chown -R 10001:10001 /var/lib/ferry
WORKDIR /var/lib/ferry
USER 10001:10001
ENV ASPNETCORE_URLS=http://+:8080 HOME=/var/lib/ferry
EXPOSE 8080
ENTRYPOINT ["/app/Ferry.Fixup"]
