package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.streams.ReadableStreamDefaultReader;
import dev.weir.testkit.InMemoryTransport;
import dev.weir.testkit.ManualEventLoop;
import dev.weir.testkit.ScriptedOpening;
import dev.weir.testkit.ScriptedPeer;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketConnection;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketStream;
import dev.weir.websocket.WebSocketStreamOptions;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** A client of Weir against a scripted server, in memory, on a manual clock. */
final class Client {
  static final String URL = "ws://example.com/chat";

  final ManualEventLoop loop = new ManualEventLoop();
  final InMemoryTransport transport = new InMemoryTransport(loop);
  final WebSocketClient client;

  Client() {
    this(builder -> builder);
  }

  Client(UnaryOperator<WebSocketClient.Builder> settings) {
    client = settings.apply(WebSocketClient.builder().transport(transport)).build();
  }

  WebSocketStream connect() {
    return client.connect(URL);
  }

  WebSocketStream connect(WebSocketStreamOptions options) {
    return client.connect(URL, options);
  }

  /** Opens a connection whose far end is the test's. */
  Open open() {
    return open(connect());
  }

  Open open(WebSocketStream stream) {
    ScriptedOpening opening = transport.nextOpening();
    ScriptedPeer peer = opening.accept();
    WebSocketConnection connection = loop.runUntil(stream.opened());
    loop.runPending();
    return new Open(stream, connection, peer);
  }

  /** The WebSocketError that the future fails with. */
  WebSocketError error(CompletableFuture<?> future) {
    Throwable failure = loop.runUntilFailed(future);
    assertThat(failure).isInstanceOf(WebSocketError.class);
    return (WebSocketError) failure;
  }

  /** An open connection and both of its ends. */
  final class Open {
    final WebSocketStream stream;
    final WebSocketConnection connection;
    final ScriptedPeer peer;

    Open(WebSocketStream stream, WebSocketConnection connection, ScriptedPeer peer) {
      this.stream = stream;
      this.connection = connection;
      this.peer = peer;
    }

    /** Sends without waiting; the message is under way when this returns. */
    CompletableFuture<Void> send(String text) {
      CompletableFuture<Void> sent = connection.sendAsync(Message.of(text));
      loop.runPending();
      return sent;
    }

    /** The next message, null at the end of the readable. */
    Message read() {
      ReadableStreamDefaultReader<Message> reader = connection.readable().getReader();
      try {
        var result = loop.runUntil(reader.read());
        return result.done() ? null : result.value();
      } finally {
        reader.releaseLock();
      }
    }

    Throwable readFails() {
      ReadableStreamDefaultReader<Message> reader = connection.readable().getReader();
      try {
        return loop.runUntilFailed(reader.read());
      } finally {
        reader.releaseLock();
      }
    }

    WebSocketCloseInfo closed() {
      return loop.runUntil(stream.closed());
    }

    /** How the connection ended uncleanly. */
    WebSocketError error() {
      return Client.this.error(stream.closed());
    }

    /** Closes in order from this side, and checks that nothing is left over. */
    void finish() {
      stream.close(1000, "");
      peer.expectClose(1000, "").sendClose(1000, "").shutdownOutput();
      assertThat(closed()).isEqualTo(new WebSocketCloseInfo(1000, ""));
      assertOver();
    }

    /** Nothing is left over, once the connection has ended. */
    void assertOver() {
      assertThat(stream.closed()).isDone();
      loop.runPending();
      assertThat(peer.hasEnded()).as("the peer sees the end").isTrue();
      peer.expectNothingMore();
      loop.assertIdle();
    }
  }
}
