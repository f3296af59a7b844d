package dev.weir.cli;

import dev.weir.websocket.Route;

/** The server side that sends everything back. Stateless. */
final class EchoServer {
  private EchoServer() {}

  /**
   * Echoes on every path, on the event loop: a reply is accepted for sending before the Close frame
   * behind its message is seen, so a client that closes at the end of its input misses none.
   */
  static Route route() {
    return Route.async("/**", connection -> connection.readable().pipeTo(connection.writable()));
  }
}
