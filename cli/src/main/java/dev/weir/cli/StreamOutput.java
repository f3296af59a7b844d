package dev.weir.cli;

import dev.weir.websocket.Message;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes payload and nothing else to standard output. In a pipe a text message is followed by LF,
 * or NUL, and a binary one is written as it is; on a terminal nothing that a terminal could obey is
 * written. Not thread-safe.
 */
final class StreamOutput implements MessageOutput {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final OutputStream out;
  private final byte[] delimiter;
  private final boolean toTerminal;

  StreamOutput(OutputStream out, char delimiter, boolean toTerminal) {
    this.out = new BufferedOutputStream(out, BUFFER_BYTES);
    this.delimiter = new byte[] {(byte) delimiter};
    this.toTerminal = toTerminal;
  }

  @Override
  public void message(Message message) throws IOException {
    switch (message) {
      case Message.Text(String text) -> {
        out.write((toTerminal ? Shown.text(text) : text).getBytes(StandardCharsets.UTF_8));
        out.write(delimiter);
      }
      case Message.Binary(byte[] bytes) -> {
        if (toTerminal) {
          out.write((Shown.bytes(bytes) + '\n').getBytes(StandardCharsets.UTF_8));
        } else {
          out.write(bytes);
        }
      }
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}
