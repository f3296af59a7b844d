package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weir.conformance.Rule;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.websocket.Route;
import dev.weir.websocket.WebSocketServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** permessage-deflate with Node's {@code ws}, in every combination of takeover and window. */
@Requires({Part.NODE, Part.WS})
@ExtendWith(Leftovers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompressionWithNodeTest {
  private static final String SCRIPT = Part.NODE_FOLDER.resolve("deflate.mjs").toString();

  private ChildProcess node;
  private int port;

  @BeforeAll
  void start() {
    node = new ChildProcess(List.of(Part.NODE.program().toString(), SCRIPT, "serve"));
    port = JsonParser.parseString(node.readLine()).getAsJsonObject().get("port").getAsInt();
  }

  @AfterAll
  void stop() {
    node.close();
  }

  /** Options of the package's own, all of takeover and all windows. */
  static List<String> theirs() {
    List<String> options = new ArrayList<>();
    options.add("{}");
    options.add("{\"serverNoContextTakeover\":true}");
    options.add("{\"clientNoContextTakeover\":true}");
    options.add("{\"serverNoContextTakeover\":true,\"clientNoContextTakeover\":true}");
    for (int bits = 9; bits <= 15; bits++) {
      options.add("{\"serverMaxWindowBits\":%d}".formatted(bits));
      options.add("{\"clientMaxWindowBits\":%d}".formatted(bits));
      options.add(
          ("{\"serverMaxWindowBits\":%d,\"clientMaxWindowBits\":%d,"
                  + "\"serverNoContextTakeover\":true,\"clientNoContextTakeover\":true}")
              .formatted(bits, bits));
    }
    return options;
  }

  private String url(String options) {
    return "ws://127.0.0.1:%d/%s"
        .formatted(port, URLEncoder.encode(options, StandardCharsets.UTF_8).replace("+", "%20"));
  }

  @ParameterizedTest
  @MethodSource("theirs")
  @Rule({"P3", "P3a", "7692-6.1-1", "7692-6.2-1", "7692-7.2.1-1", "7692-7.2.1-4", "7692-7.2.2-2"})
  void weirsClientTalksToAnyServer(String options) throws Exception {
    String extensions = Terms.talk(CompressionOptions.client().withThreshold(0), url(options));
    assertThat(extensions).startsWith("permessage-deflate");
    assertThat(extensions.contains("client_max_window_bits"))
        .isEqualTo(options.contains("clientMaxWindowBits"));
    assertThat(extensions.contains("server_no_context_takeover"))
        .isEqualTo(options.contains("\"serverNoContextTakeover\":true"));
  }

  static Stream<CompressionOptions> ours() {
    return Terms.ours();
  }

  @ParameterizedTest
  @MethodSource("ours")
  @Rule({"P3", "P3a", "7692-6.1-1", "7692-6.2-1", "7692-7.2.1-1", "7692-7.2.1-4", "7692-7.2.2-2"})
  void weirsClientTalksOnItsOwnTerms(CompressionOptions options) throws Exception {
    assertThat(Terms.talk(options, url("{}"))).startsWith("permessage-deflate");
  }

  @ParameterizedTest
  @MethodSource("ours")
  @Rule({"P3", "P3a", "7692-6.1-1", "7692-6.2-1", "7692-7.2.1-1", "7692-7.2.1-3", "7692-7.2.2-3"})
  void anyClientTalksToWeirsServer(CompressionOptions ours) throws Exception {
    try (WebSocketServer server = server(ours)) {
      List<String> options = theirs();
      var command =
          List.of(
              Part.NODE.program().toString(),
              SCRIPT,
              "connect",
              server.url("/"),
              options.toString());
      try (var client = new ChildProcess(command)) {
        for (String each : options) {
          JsonObject seen = JsonParser.parseString(client.readLine()).getAsJsonObject();
          assertThat(seen.get("error").isJsonNull()).as("%s with %s", seen, each).isTrue();
          assertThat(seen.get("extensions").getAsString()).startsWith("permessage-deflate");
        }
      }
    }
  }

  @Test
  @Rule("P3")
  void aClientWithoutCompressionTalksToWeirsServer() throws Exception {
    try (WebSocketServer server = server(CompressionOptions.off())) {
      var command =
          List.of(Part.NODE.program().toString(), SCRIPT, "connect", server.url("/"), "[{}]");
      try (var client = new ChildProcess(command)) {
        assertThat(client.readLine()).isEqualTo("{\"extensions\":\"\",\"error\":null}");
      }
    }
  }

  private static WebSocketServer server(CompressionOptions options) throws Exception {
    return WebSocketServer.builder()
        .compression(options)
        .route(Route.async("/", connection -> connection.readable().pipeTo(connection.writable())))
        .start();
  }
}
