package dev.weir.websocket;

import dev.weir.websocket.spi.TransportProvider;
import java.util.ServiceLoader;

/** Finds the transport that is installed. Stateless. */
final class Transports {
  private Transports() {}

  static TransportProvider found() {
    return ServiceLoader.load(TransportProvider.class, TransportProvider.class.getClassLoader())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "expected a transport on the module or class path but found none: add"
                        + " weir-netty"));
  }
}
