package dev.weir.websocket.spi;

import dev.weir.protocol.handshake.Headers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The answer to a request that asks for no WebSocket. Not thread-safe; whoever has it closes it.
 *
 * @param status 200 to 599
 * @param headers without those that frame the response: the transport adds Content-Length and
 *     Connection
 * @param length of the content in bytes, as Content-Length says it; in the answer to HEAD that of
 *     the content which GET would have, with 304 any
 * @param content at least so many bytes, read on virtual threads, no faster than the client takes
 *     them; empty in the answers to HEAD and with 304
 */
public record PlainResponse(int status, Headers headers, long length, InputStream content)
    implements AutoCloseable {
  /** An answer whose content is a line of text. */
  public static PlainResponse text(int status, Headers headers, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Headers typed = headers.toBuilder().add("Content-Type", "text/plain; charset=utf-8").build();
    return new PlainResponse(status, typed, bytes.length, new ByteArrayInputStream(bytes));
  }

  /** Whether it has no content and says no length (RFC 9110 §15.4.5). */
  public boolean isNotModified() {
    return status == 304;
  }

  /** The same without its content, which is closed: the answer to HEAD. */
  public PlainResponse withoutContent() throws IOException {
    content.close();
    return new PlainResponse(status, headers, length, InputStream.nullInputStream());
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
