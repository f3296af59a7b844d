package dev.weir.testkit;

import dev.weir.protocol.handshake.HandshakeRequest;
import dev.weir.protocol.handshake.Headers;
import org.jspecify.annotations.Nullable;

/** The client's side of an opening handshake in memory. For the loop's tasks only. */
interface Asking {
  HandshakeRequest request();

  /** Whether the client no longer waits for an answer. */
  boolean isOver();

  /**
   * The server's answer.
   *
   * @param link the connection that is open from now on, with a 101; else null
   */
  void answered(int status, Headers headers, byte[] body, @Nullable Link link);

  /** The connection ended without an answer. */
  void broken(String why);
}
