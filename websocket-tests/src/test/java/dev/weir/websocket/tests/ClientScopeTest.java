package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.testkit.ScriptedOpening;
import dev.weir.testkit.ScriptedPeer;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketStream;
import org.junit.jupiter.api.Test;

class ClientScopeTest {
  private final Client whole = new Client();
  private final WebSocketClient scope = whole.client.scope("https://example.org");

  @Test
  @Rule("K3")
  void aScopeSendsItsOrigin() {
    var stream = scope.connect(Client.URL);

    ScriptedOpening opening = whole.transport.nextOpening();

    assertThat(opening.request().headers().first("Origin")).contains("https://example.org");
    stream.abort();
    whole.loop.runPending();
  }

  @Test
  void aScopeThatIsClosedClosesItsConnectionsAlone() {
    ScriptedPeer other = whole.open().peer;
    WebSocketStream stream = scope.connect(Client.URL);
    ScriptedPeer own = whole.open(stream).peer;

    scope.close();

    whole.loop.runPending();
    assertThat(scope.closed()).isNotDone();
    own.expectClose(1001, "").sendClose(1001, "").close();
    assertThat(whole.loop.runUntil(stream.closed()).closeCode()).isEqualTo(1001);
    assertThat(scope.closed()).isDone();
    other.expectNothingMore();
    whole.open().peer.expectNothingMore();
  }

  @Test
  void aClientThatIsClosedClosesTheConnectionsOfItsScopes() {
    ScriptedPeer own = whole.open(scope.connect(Client.URL)).peer;

    whole.client.close();

    whole.loop.runPending();
    own.expectClose(1001, "");
  }
}
