# The simulator in a container: docker build -t pos-system-api-simulator .
#                               docker run --rm -p 127.0.0.1:8080:8080 pos-system-api-simulator
# At another port, links in its answers need to know: -p 127.0.0.1:9000:8080 .. --public-url http://127.0.0.1:9000
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev make cmake \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN cargo build --locked --release -p pos-system-api-cli

FROM debian:bookworm-slim
RUN useradd --system --create-home --home-dir /data simulator
COPY --from=build /source/target/release/pos-system-api /usr/local/bin/
USER simulator
VOLUME /data
EXPOSE 8080
# Inside a container every address but the loopback of the container is remote.
ENTRYPOINT ["pos-system-api", "simulate", "--host", "0.0.0.0", "--allow-remote", "--port", "8080"]
