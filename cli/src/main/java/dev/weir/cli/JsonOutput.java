package dev.weir.cli;

import dev.weir.websocket.Message;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Writes one JSON object on a line of its own for each event. Not thread-safe. */
final class JsonOutput implements MessageOutput {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final OutputStream out;

  JsonOutput(OutputStream out) {
    this.out = new BufferedOutputStream(out, BUFFER_BYTES);
  }

  @Override
  public void opened(String url, String protocol, String extensions) throws IOException {
    write(
        Json.event("open").put("url", url).put("protocol", protocol).put("extensions", extensions));
    flush();
  }

  @Override
  public void message(Message message) throws IOException {
    write(
        switch (message) {
          case Message.Text(String text) ->
              Json.event("message").put("type", "text").put("data", text);
          case Message.Binary(byte[] bytes) ->
              Json.event("message")
                  .put("type", "binary")
                  .put("data", Base64.getEncoder().encodeToString(bytes));
        });
  }

  @Override
  public void ended(Ending ending) throws IOException {
    write(ending.asJson());
    flush();
  }

  private void write(Json json) throws IOException {
    out.write(json.toString().getBytes(StandardCharsets.UTF_8));
    out.write('\n');
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}
