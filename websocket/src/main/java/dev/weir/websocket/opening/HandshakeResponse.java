package dev.weir.websocket.opening;

import dev.weir.protocol.handshake.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a server answered to an opening handshake. Immutable.
 *
 * @param status the HTTP status code
 * @param statusText the reason phrase, empty if none
 * @param headers the header fields, in order
 * @param body the first part of the body, empty for a 101
 * @param bodyComplete whether {@code body} is the whole of it
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; equals goes by the bytes
public record HandshakeResponse(
    int status, String statusText, Headers headers, byte[] body, boolean bodyComplete) {
  public HandshakeResponse {
    body = body.clone();
  }

  /** A copy of the kept part of the body. */
  @Override
  public byte[] body() {
    return body.clone();
  }

  /** The kept part of the body read as UTF-8, malformed bytes replaced. */
  public String bodyText() {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HandshakeResponse that
        && status == that.status
        && statusText.equals(that.statusText)
        && headers.equals(that.headers)
        && Arrays.equals(body, that.body)
        && bodyComplete == that.bodyComplete;
  }

  @Override
  public int hashCode() {
    return 31 * status + Arrays.hashCode(body);
  }

  @Override
  public String toString() {
    return "HTTP " + status + (statusText.isEmpty() ? "" : " " + statusText);
  }
}
