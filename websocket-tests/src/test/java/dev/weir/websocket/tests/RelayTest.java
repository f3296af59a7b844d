package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.websocket.WebSocketCloseInfo;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** One connection piped into another. */
class RelayTest {
  @Test
  @Rule("S10")
  void theEndOfOneConnectionWithoutACloseFrameClosesTheOtherWithoutABody() {
    Client client = new Client();
    Client.Open from = client.open();
    Client.Open to = client.open();
    CompletableFuture<Void> piped = from.connection.readable().pipeTo(to.connection.writable());
    from.peer.sendText("last words");
    to.peer.expectText("last words");
    from.peer.reset();
    to.peer.expectClose();
    to.peer.sendClose().close();
    assertThat(client.error(piped).closeCode()).isEqualTo(1006);
    assertThat(client.loop.runUntil(to.connection.closed()))
        .isEqualTo(new WebSocketCloseInfo(1005, ""));
    to.assertOver();
  }
}
