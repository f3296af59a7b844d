package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.ScriptedPeer;
import dev.weir.websocket.WebSocket;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketOptions;
import java.util.function.UnaryOperator;

/** A client's event-style socket against a scripted server, in memory, on a manual clock. */
final class EventClient {
  static final WebSocketOptions DEFAULT = WebSocketOptions.DEFAULT;

  final Client base;

  EventClient() {
    this(builder -> builder);
  }

  EventClient(UnaryOperator<WebSocketClient.Builder> settings) {
    base = new Client(settings);
  }

  WebSocket connect(WebSocketOptions options) {
    return base.client.webSocket(Client.URL, options);
  }

  Open open() {
    return open(DEFAULT);
  }

  /** Opens a connection whose far end is the test's. */
  Open open(WebSocketOptions options) {
    WebSocket socket = connect(options);
    EventLog log = new EventLog(socket);
    ScriptedPeer peer = base.transport.nextOpening().accept();
    run();
    if (options.executor() instanceof ManualExecutor executor) {
      executor.runAll();
    }
    assertThat(log.take()).containsExactly("open @1");
    return new Open(socket, log, peer);
  }

  void run() {
    base.loop.runPending();
  }

  /** Runs code in a task of the event loop. */
  void onLoop(Runnable code) {
    base.loop.execute(code);
    run();
  }

  /** An open connection and both of its ends. */
  final class Open {
    final WebSocket socket;
    final EventLog log;
    final ScriptedPeer peer;

    Open(WebSocket socket, EventLog log, ScriptedPeer peer) {
      this.socket = socket;
      this.log = log;
      this.peer = peer;
    }

    /** Closes in order from this side, and checks that nothing is left over. */
    void finish() {
      socket.close(1000);
      peer.expectClose(1000, "").sendClose(1000, "").shutdownOutput();
      run();
      assertThat(log.take()).containsExactly("close @3 1000 \"\" clean");
      assertOver();
    }

    /** Nothing is left over, once the connection has ended. */
    void assertOver() {
      run();
      assertThat(log.take()).as("nothing comes after close").isEmpty();
      assertThat(socket.readyState()).isEqualTo(WebSocket.CLOSED);
      assertThat(peer.hasEnded()).as("the peer sees the end").isTrue();
      peer.expectNothingMore();
      base.loop.assertIdle();
    }
  }
}
