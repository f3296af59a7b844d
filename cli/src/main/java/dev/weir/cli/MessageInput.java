package dev.weir.cli;

import dev.weir.websocket.Message;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where the messages to send come from. For one thread. */
@FunctionalInterface
interface MessageInput {
  /**
   * Waits for the next message.
   *
   * @return null at the end
   */
  @Nullable Message next() throws IOException;
}
