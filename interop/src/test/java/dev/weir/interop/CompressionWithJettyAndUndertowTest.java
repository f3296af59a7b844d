package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.WebSocketServer;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** permessage-deflate with Jetty and Undertow, in the combinations that they know. */
@ExtendWith(Leftovers.class)
class CompressionWithJettyAndUndertowTest {
  /** Neither server knows the parameter that bounds its own window. */
  static Stream<CompressionOptions> oursWithTheirWholeWindow() {
    return Terms.ours().filter(options -> options.receiveWindowBits() == 15);
  }

  @ParameterizedTest
  @MethodSource("oursWithTheirWholeWindow")
  @Rule({"P3", "P3a", "7692-6.1-1", "7692-6.2-1", "7692-7.2.1-4", "7692-7.2.2-2"})
  void weirsClientTalksToJetty(CompressionOptions options) throws Exception {
    try (var server = new JettyEcho(null)) {
      assertThat(Terms.talk(options, server.echo().toString())).startsWith("permessage-deflate");
    }
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  @Rule({"P3", "7692-6.1-1", "7692-6.2-1", "7692-7.2.1-4", "7692-7.2.2-2"})
  void weirsClientTalksToUndertow(boolean compressTakeover, boolean decompressTakeover)
      throws Exception {
    try (var server = new UndertowEcho(null, compressTakeover, decompressTakeover)) {
      for (CompressionOptions options : oursWithTheirWholeWindow().toList()) {
        assertThat(Terms.talk(options, server.echo().toString())).startsWith("permessage-deflate");
      }
    }
  }

  /**
   * Jetty's client goes by what it has offered and not by the answer, and takes each side's
   * parameter for the other's: it takes over what it must not where it has not offered both, and
   * only one or both are agreed. So the rest can be shown with it.
   */
  static Stream<CompressionOptions> oursWithEqualTakeover() {
    return Terms.ours().filter(options -> options.sendTakeover() == options.receiveTakeover());
  }

  @ParameterizedTest
  @MethodSource("oursWithEqualTakeover")
  @Rule({"P3", "P3a", "7692-6.1-1", "7692-6.2-1", "7692-7.2.1-3", "7692-7.2.2-3"})
  void jettysClientTalksToWeirsServer(CompressionOptions ours) throws Exception {
    try (WebSocketServer server =
            WebSocketServer.builder()
                .compression(ours)
                .route(
                    Route.async(
                        "/", connection -> connection.readable().pipeTo(connection.writable())))
                .start();
        var jetty = new JettyPeerClient(null)) {
      String without = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
      for (String offer :
          ours.sendTakeover() ? List.of("permessage-deflate", without) : List.of(without)) {
        talk(jetty.connect(URI.create(server.url("/")), offer), ours + " with " + offer);
      }
    }
  }

  private static void talk(PeerSession session, String terms) throws InterruptedException {
    for (Message message : Terms.messages()) {
      switch (message) {
        case Message.Text(String text) -> {
          session.send(text);
          assertThat(session.next()).as(terms).isEqualTo(new PeerEvent.Text(text));
        }
        case Message.Binary(byte[] bytes) -> {
          session.send(bytes);
          assertThat(session.next()).as(terms).isEqualTo(new PeerEvent.Binary(bytes));
        }
      }
    }
    session.close(1000, "");
    assertThat(session.next()).as(terms).isEqualTo(new PeerEvent.Closed(1000, ""));
  }

  static Stream<CompressionOptions> ours() {
    return Terms.ours();
  }

  /**
   * Windows it does not know, and it goes by what it has offered: where it is told to take no
   * context over without having said that it would not, it does.
   */
  @ParameterizedTest
  @MethodSource("ours")
  @Rule({"P3", "P3a", "7692-6.1-1", "7692-6.2-1", "7692-7.2.1-3", "7692-7.2.2-3"})
  void undertowsClientTalksToWeirsServer(CompressionOptions ours) throws Exception {
    try (WebSocketServer server =
            WebSocketServer.builder()
                .compression(ours)
                .route(
                    Route.async(
                        "/", connection -> connection.readable().pipeTo(connection.writable())))
                .start();
        var undertow = new UndertowPeerClient()) {
      for (String first : List.of("", "; server_no_context_takeover")) {
        for (String second : List.of("; client_no_context_takeover", "")) {
          if (ours.receiveTakeover() || !second.isEmpty()) {
            String offer = "permessage-deflate" + first + second;
            talk(undertow.connect(URI.create(server.url("/")), offer), ours + " with " + offer);
          }
        }
      }
    }
  }
}
