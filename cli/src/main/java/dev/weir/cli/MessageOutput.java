package dev.weir.cli;

import dev.weir.websocket.Message;
import java.io.IOException;

/** Where received messages go. For one thread. */
interface MessageOutput {
  /** The connection is open. */
  default void opened(String url, String protocol, String extensions) throws IOException {}

  /** A message has come. */
  void message(Message message) throws IOException;

  /** Nothing more has come for now: what was held back goes out. */
  void flush() throws IOException;

  /** The connection is over. */
  default void ended(Ending ending) throws IOException {}
}
