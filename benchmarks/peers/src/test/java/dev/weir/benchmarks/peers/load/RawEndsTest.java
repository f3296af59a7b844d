package dev.weir.benchmarks.peers.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketServer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lean ends on plain sockets, against real ones. */
class RawEndsTest {
  @ParameterizedTest
  @CsvSource({"false,64,16", "true,64,3", "false,1048576,2", "true,0,1"})
  void theLoadKeepsItsWindowsFullAndGetsEveryAnswer(boolean text, int size, int inFlight)
      throws Exception {
    try (WebSocketServer server =
            WebSocketServer.builder()
                .route(
                    Route.events(
                        "/", (socket, request) -> socket.onMessage(e -> socket.send(e.message()))))
                .start();
        var load = new RawLoad(server.port(), RawLoad.Protocol.WEBSOCKET, text, size, inFlight)) {
      load.open(3);
      load.run(0.01);
      RawLoad.Window window = load.run(0.05);
      assertThat(window.seconds()).isGreaterThanOrEqualTo(0.05);
    }
  }

  @Test
  void theLoadFindsOutAServerThatClosesOrRefuses() throws Exception {
    try (WebSocketServer server =
            WebSocketServer.builder()
                .route("/", connection -> connection.readable().getReader().readBlocking())
                .start();
        var load = new RawLoad(server.port(), RawLoad.Protocol.WEBSOCKET, false, 64, 1)) {
      load.open(1);
      assertThatThrownBy(() -> load.run(30)).hasMessageContaining("expected messages but");
    }
    try (WebSocketServer server =
            WebSocketServer.builder().route("/other", connection -> {}).start();
        var load = new RawLoad(server.port(), RawLoad.Protocol.WEBSOCKET, false, 64, 1)) {
      assertThatThrownBy(() -> load.open(1))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("expected 101 but was: HTTP/1.1 404");
    }
  }

  @Test
  void theServerEchoesFloodsAndSinks() throws Exception {
    try (var server = new RawServer();
        WebSocketClient client = WebSocketClient.create()) {
      server.prepare(RawServer.Work.ECHO, true, 5);
      var echo = client.connect(server.url()).opened().get(30, TimeUnit.SECONDS);
      echo.send("other");
      assertThat(echo.readable().getReader().readBlocking()).isEqualTo(Message.of("01234"));
      assertThat(server.messages()).isEqualTo(1);

      server.prepare(RawServer.Work.FLOOD, false, 3);
      var flood = client.connect(server.url()).opened().get(30, TimeUnit.SECONDS);
      var reader = flood.readable().getReader();
      for (int i = 0; i < 10_000; i++) {
        assertThat(reader.readBlocking()).isEqualTo(Message.of(new byte[] {'0', '1', '2'}));
      }
      server.hangUp();
      flood.abort();

      server.prepare(RawServer.Work.SINK, false, 3);
      long before = server.messages();
      var sink = client.connect(server.url()).opened().get(30, TimeUnit.SECONDS);
      for (int i = 0; i < 1000; i++) {
        sink.send(new byte[3]);
      }
      // Its end comes behind the last message.
      sink.close();
      assertThatThrownBy(sink::awaitClosed).isInstanceOf(WebSocketError.class);
      assertThat(server.messages() - before).isEqualTo(1000);
    }
  }
}
