package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.weir.conformance.Rule;
import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.ServerConnection;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.opening.TlsOptions;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client of Node's ws against Weir's server, over ws and wss. */
@Requires({Part.NODE, Part.WS})
@ExtendWith(Leftovers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeToWeirServerTest {
  private final Map<String, WebSocketServer> servers = new LinkedHashMap<>();
  private final BlockingQueue<ServerConnection> served = new LinkedBlockingQueue<>();

  @BeforeAll
  void start() throws Exception {
    servers.put("ws", builder().start());
    servers.put("wss", builder().tls(TlsOptions.selfSigned()).start());
  }

  private WebSocketServer.Builder builder() {
    return WebSocketServer.builder()
        .route(
            Route.of(
                    "/blocking",
                    connection -> {
                      served.add(connection);
                      for (Message message : connection.readable()) {
                        connection.send(message);
                      }
                    })
                .withProtocols("chat"))
        .route(
            Route.async(
                    "/async",
                    connection -> {
                      served.add(connection);
                      return connection.readable().pipeTo(connection.writable());
                    })
                .withProtocols("chat"))
        .route(
            Route.of("/browsers", connection -> connection.send("welcome"))
                .withOrigins("https://weir.example"))
        .route("/close", connection -> connection.close(4321, "why"))
        .route("/abort", connection -> connection.abort());
  }

  @AfterAll
  void stop() {
    servers.values().forEach(WebSocketServer::close);
  }

  private JsonObject run(String scheme, String path, String task) {
    return NodeClient.run(URI.create(servers.get(scheme).url(path)), task);
  }

  @ParameterizedTest
  @CsvSource({"ws,/blocking", "ws,/async", "wss,/blocking", "wss,/async"})
  @Rule({"P1", "C6", "H1", "S19", "6455-4.2.2-5", "6455-4.2.2-9", "6455-6.2-5"})
  void echoesEverySizeAndCloses(String scheme, String path) throws Exception {
    var seen =
        run(
            scheme,
            path,
            """
            {"protocols":["soap","chat"],"expect":9,"close":[4000,"done"],
             "send":["","grüße 川",{"binary":0},{"binary":1},{"binary":125},{"binary":126},
                     {"binary":65535},{"binary":65536},{"binary":8388608}]}
            """);

    assertThat(seen.get("messages").toString())
        .isEqualTo(
            """
            ["","grüße 川",{"binary":0},{"binary":1},{"binary":125},{"binary":126},\
            {"binary":65535},{"binary":65536},{"binary":8388608}]""");
    assertThat(seen.get("protocol").getAsString()).isEqualTo("chat");
    assertThat(seen.get("code").getAsInt()).isEqualTo(4000);
    assertThat(seen.get("reason").getAsString()).isEqualTo("done");
    assertThat(Weir.get(Weir.next(served).closed()))
        .isEqualTo(new WebSocketCloseInfo(4000, "done"));
  }

  @ParameterizedTest
  @CsvSource({"/close,4321,why", "/abort,1006,''"})
  @Rule({"C4", "6455-7.1.2-1", "6455-7.4.1-2"})
  void seesHowTheServerEndsIt(String path, int code, String reason) {
    var seen = run("ws", path, "{}");

    assertThat(seen.get("code").getAsInt()).isEqualTo(code);
    assertThat(seen.get("reason").getAsString()).isEqualTo(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  @Rule("6455-4.2.2-2")
  void isRefusedWith403FromAnotherOrigin(String scheme) {
    var stranger = run(scheme, "/browsers", "{\"origin\":\"https://evil.example\"}");
    var friend = run(scheme, "/browsers", "{\"origin\":\"https://WEIR.example\"}");
    var noBrowser = run(scheme, "/browsers", "{}");

    assertThat(stranger.get("error").getAsString()).contains("403");
    assertThat(friend.get("messages").toString()).isEqualTo("[\"welcome\"]");
    assertThat(noBrowser.get("messages").toString()).isEqualTo("[\"welcome\"]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  @Rule("6455-4.2.2-4")
  void isRefusedWith404AtAnUnknownPath(String scheme) {
    assertThat(run(scheme, "/elsewhere", "{}").get("error").getAsString()).contains("404");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  @Rule({"C4", "H5"})
  void seesAServerThatStopsAs1001(String scheme) throws Exception {
    var builder = builder();
    if (scheme.equals("wss")) {
      builder.tls(TlsOptions.selfSigned());
    }
    try (WebSocketServer server = builder.start()) {
      var seen = Weir.start(() -> NodeClient.run(URI.create(server.url("/async")), "{}"));
      ServerConnection connection = Weir.next(served);

      server.close(1001, "maintenance");

      assertThat(Weir.get(seen).get("code").getAsInt()).isEqualTo(1001);
      assertThat(Weir.get(seen).get("reason").getAsString()).isEqualTo("maintenance");
      assertThat(Weir.get(connection.closed()).closeCode()).isEqualTo(1001);
    }
  }
}
