package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketCloseInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The terms of compression that tests go through, and what is said under them. Stateless. */
final class Terms {
  private Terms() {}

  /** Both ways of takeover in each direction, and each window in each direction. */
  static Stream<CompressionOptions> ours() {
    CompressionOptions whole = CompressionOptions.client().withThreshold(0);
    Stream<CompressionOptions> takeovers =
        Stream.of(true, false)
            .flatMap(
                send -> Stream.of(true, false).map(receive -> whole.withTakeover(send, receive)));
    Stream<CompressionOptions> windows =
        IntStream.range(9, 15)
            .boxed()
            .flatMap(
                bits ->
                    Stream.of(
                        whole.withWindowBits(bits, 15),
                        whole.withWindowBits(15, bits),
                        whole.withWindowBits(bits, bits).withTakeover(false, false)));
    return Stream.concat(takeovers, windows);
  }

  /** Messages of which one repeats the other, short and long, that compress well and not at all. */
  static List<Message> messages() {
    byte[] noise = new byte[5000];
    new Random(7692).nextBytes(noise);
    List<Message> messages = new ArrayList<>();
    messages.add(Message.of(""));
    messages.add(Message.of("short"));
    for (int i = 0; i < 4; i++) {
      messages.add(Message.of(item(i).repeat(20)));
    }
    messages.add(Message.of(noise));
    messages.add(Message.of(new byte[200_000]));
    messages.add(Message.of(item(5).repeat(5000)));
    messages.add(Message.of(noise));
    messages.add(Message.of(item(1).repeat(20)));
    return messages;
  }

  private static String item(int number) {
    return "{\"id\":%d,\"price\":%d,\"symbol\":\"WEIR\",\"text\":\"grüße 川\"}"
        .formatted(number, number * 7);
  }

  /**
   * Lets a client of Weir with these options talk to an echo server.
   *
   * @return the extensions as negotiated
   */
  static String talk(CompressionOptions options, String url) throws Exception {
    try (var client = WebSocketClient.builder().compression(options).build();
        var stream = client.connect(url)) {
      var connection = Weir.get(stream.opened());
      var reader = connection.readable().getReader();
      for (Message message : messages()) {
        var sent = connection.sendAsync(message);
        assertThat(Weir.next(reader).equals(message))
            .as("echo with %s of %s", connection.extensions(), shortened(message))
            .isTrue();
        Weir.get(sent);
      }
      stream.close(1000, "");
      assertThat(Weir.get(stream.closed())).isEqualTo(new WebSocketCloseInfo(1000, ""));
      return connection.extensions();
    }
  }

  private static String shortened(Message message) {
    String text = message.toString();
    return text.substring(0, Math.min(100, text.length()));
  }
}
