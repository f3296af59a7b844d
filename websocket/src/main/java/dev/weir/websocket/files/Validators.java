package dev.weir.websocket.files;

import dev.weir.protocol.handshake.Headers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * By what a client that has a file finds out whether it has changed (RFC 9110 §8.8). Immutable.
 *
 * @param entityTag weak, since a file may be written twice within what its system's clock tells
 *     apart
 */
record Validators(String entityTag, Instant lastModified) {
  static Validators of(Instant lastModified, long size) {
    String tag =
        "W/\"%x.%x-%x\"".formatted(lastModified.getEpochSecond(), lastModified.getNano(), size);
    return new Validators(tag, lastModified);
  }

  /**
   * Whether the client has the file as it is (RFC 9110 §13.2.2).
   *
   * @param now the time of the request
   */
  boolean areMetBy(Headers request, Instant now) {
    if (request.contains("If-None-Match")) {
      // The comparison is weak, so that the tags' marks of weakness do not matter.
      List<String> tags = request.tokens("If-None-Match");
      return tags.contains("*")
          || tags.stream().anyMatch(tag -> strong(tag).equals(strong(entityTag)));
    }
    Optional<String> since = request.first("If-Modified-Since");
    if (since.isEmpty()) {
      return false;
    }
    // What is no date counts as if it were not there (RFC 9110 §13.1.3).
    return HttpDate.read(since.get(), now)
        .filter(time -> !lastModified.truncatedTo(ChronoUnit.SECONDS).isAfter(time))
        .isPresent();
  }

  private static String strong(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }
}
