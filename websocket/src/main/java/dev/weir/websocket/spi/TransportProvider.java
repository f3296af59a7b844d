package dev.weir.websocket.spi;

/** Makes transports; found by {@link java.util.ServiceLoader}. Thread-safe. */
public interface TransportProvider {
  /** Makes a client transport. Its threads start when they are first needed. */
  ClientTransport clientTransport(ClientTransportOptions options);

  /** Makes a server transport that listens nowhere yet. */
  ServerTransport serverTransport(ServerTransportOptions options);
}
