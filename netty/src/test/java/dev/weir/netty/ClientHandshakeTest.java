package dev.weir.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.protocol.handshake.HandshakeException;
import dev.weir.protocol.handshake.Headers;
import dev.weir.websocket.opening.HandshakeResponse;
import dev.weir.websocket.opening.OpeningFailure;
import dev.weir.websocket.opening.OpeningFailure.Stage;
import dev.weir.websocket.spi.ClientOpening;
import dev.weir.websocket.spi.ClientTransport;
import dev.weir.websocket.url.WebSocketUrl;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client's opening handshake against servers that speak by hand. */
@ExtendWith(Leftovers.class)
final class ClientHandshakeTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(200);

  @OnEachBackend
  void opensAndDeliversWhatCameTogetherWithTheAnswer(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().client(backend)) {
      Opened opened = TestOptions.open(client, server.url() + "chat?room=1");
      RawPeer peer = server.accept();
      String request = peer.readHeader();
      assertThat(request).startsWith("GET /chat?room=1 HTTP/1.1\r\n");
      assertThat(RawPeer.field(request, "Host")).isEqualTo("127.0.0.1:" + server.port());
      peer.write(RawPeer.accepting(request) + "first bytes");

      Opened.Success success = opened.success();
      assertThat(success.response().status()).isEqualTo(101);
      assertThat(success.response().statusText()).isEqualTo("Switching Protocols");
      Recorder recorder = ChannelCalls.start(success.channel());
      assertThat(recorder.awaitBytes(11)).isEqualTo("first bytes");
      recorder.await("readComplete");
      peer.write(" and more");
      assertThat(recorder.awaitBytes(20)).isEqualTo("first bytes and more");
      ChannelCalls.send(success.channel(), "to the server");
      assertThat(peer.read(13)).isEqualTo("to the server");
      peer.close();
      recorder.await("inputShut");
      ChannelCalls.run(success.channel(), success.channel()::closeTransport);
      recorder.await("closed");
      assertThat(recorder.cause()).isNull();
    }
  }

  @OnEachBackend
  void keepsWhatCameBeforeItIsStartedWithoutReadingOn(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().client(backend)) {
      Opened opened = TestOptions.open(client, server.url());
      RawPeer peer = server.accept();
      peer.write(RawPeer.accepting(peer.readHeader()) + "early");
      peer.socket().shutdownOutput();
      Opened.Success success = opened.success();
      Recorder recorder = ChannelCalls.start(success.channel());
      recorder.await("inputShut");
      assertThat(recorder.text()).isEqualTo("early");
      assertThat(recorder.all())
          .as("with cause %s", recorder.cause())
          .containsExactly("received", "readComplete", "inputShut");
    }
  }

  @OnEachBackend
  void sendsTheFieldsOfTheOpening(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().client(backend)) {
      Opened opened = new Opened();
      client.open(
          new ClientOpening(
              WebSocketUrl.parse(server.url()),
              List.of("chat", "other"),
              List.of(),
              Headers.of("Origin", "https://example.com", "X-Own", "1", "X-Own", "2")),
          opened);
      RawPeer peer = server.accept();
      String request = peer.readHeader();
      assertThat(request)
          .contains("Sec-WebSocket-Protocol: chat, other\r\n")
          .contains("Origin: https://example.com\r\n")
          .contains("X-Own: 1\r\nX-Own: 2\r\n");
      String answer = RawPeer.accepting(request);
      peer.write(answer.replaceFirst("\r\n\r\n", "\r\nSec-WebSocket-Protocol: other\r\n\r\n"));
      assertThat(opened.success().agreement().protocol()).isEqualTo("other");
    }
  }

  @OnEachBackend
  void takesAnAnswerByteByByte(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().client(backend)) {
      Opened opened = TestOptions.open(client, server.url());
      RawPeer peer = server.accept();
      byte[] answer = (RawPeer.accepting(peer.readHeader()) + "xyz").getBytes();
      for (byte each : answer) {
        peer.write(new byte[] {each});
      }
      Recorder recorder = ChannelCalls.start(opened.channel());
      assertThat(recorder.awaitBytes(3)).isEqualTo("xyz");
    }
  }

  @Rule("S5")
  @OnEachBackend
  void reportsARefusalWithItsBody(IoBackend backend) throws Exception {
    OpeningFailure failure =
        failureAfter(
            backend,
            "HTTP/1.1 404 Not Found\r\nX-Why: gone\r\nContent-Length: 7\r\n\r\nmissing and more");
    assertThat(failure.stage()).isEqualTo(Stage.REFUSED);
    assertThat(failure)
        .hasMessage("the server answered the opening handshake with status 404 Not Found");
    HandshakeResponse response = failure.response();
    assertThat(response.status()).isEqualTo(404);
    assertThat(response.headers().first("X-Why")).contains("gone");
    assertThat(response.bodyText()).isEqualTo("missing");
    assertThat(response.bodyComplete()).isTrue();
  }

  @OnEachBackend
  void readsAChunkedRefusalToItsEnd(IoBackend backend) throws Exception {
    HandshakeResponse response =
        failureAfter(
                backend,
                "HTTP/1.1 503 Service Unavailable\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3\r\nfor\r\n5\r\n now.\r\n0\r\n\r\n")
            .response();
    assertThat(response.bodyText()).isEqualTo("for now.");
    assertThat(response.bodyComplete()).isTrue();
  }

  @OnEachBackend
  void keepsTheFirstPartOfALongRefusal(IoBackend backend) throws Exception {
    HandshakeResponse response =
        failureAfter(
                backend, "HTTP/1.1 500 Oops\r\nContent-Length: 999999\r\n\r\n" + "x".repeat(5000))
            .response();
    assertThat(response.bodyText()).isEqualTo("x".repeat(TestOptions.MAX_REFUSAL_BODY_BYTES));
    assertThat(response.bodyComplete()).isFalse();
  }

  @Rule("K5")
  @OnEachBackend
  void reportsARefusalWhoseBodyDoesNotEnd(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().withTimeouts(LONG, LONG, SHORT).client(backend)) {
      Opened opened = TestOptions.open(client, server.url());
      RawPeer peer = server.accept();
      peer.readHeader();
      peer.write("HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\nhalf");
      OpeningFailure failure = opened.failure();
      assertThat(failure.stage()).isEqualTo(Stage.REFUSED);
      assertThat(failure.response().bodyText()).isEqualTo("half");
      assertThat(failure.response().bodyComplete()).isFalse();
    }
  }

  @OnEachBackend
  void reportsARefusalWhoseBodyIsCut(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().client(backend)) {
      Opened opened = TestOptions.open(client, server.url());
      RawPeer peer = server.accept();
      peer.readHeader();
      peer.write("HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\nhalf").close();
      OpeningFailure failure = opened.failure();
      assertThat(failure.stage()).isEqualTo(Stage.REFUSED);
      assertThat(failure.response().bodyText()).isEqualTo("half");
      assertThat(failure.response().bodyComplete()).isFalse();
    }
  }

  @OnEachBackend
  void takesTheEndOfTheConnectionAsTheEndOfABodyWithoutLength(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().client(backend)) {
      Opened opened = TestOptions.open(client, server.url());
      RawPeer peer = server.accept();
      peer.readHeader();
      peer.write("HTTP/1.0 400 Bad\r\n\r\nall of it").close();
      HandshakeResponse response = opened.failure().response();
      assertThat(response.bodyText()).isEqualTo("all of it");
      assertThat(response.bodyComplete()).isTrue();
    }
  }

  @OnEachBackend
  void skipsInterimAnswers(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().client(backend)) {
      Opened opened = TestOptions.open(client, server.url());
      RawPeer peer = server.accept();
      peer.write(
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
              + RawPeer.accepting(peer.readHeader()));
      assertThat(opened.success().response().status()).isEqualTo(101);
    }
  }

  @OnEachBackend
  void givesUpOnInterimAnswersWithoutEnd(IoBackend backend) throws Exception {
    OpeningFailure failure = failureAfter(backend, "HTTP/1.1 100 Continue\r\n\r\n".repeat(9));
    assertThat(failure.stage()).isEqualTo(Stage.HANDSHAKE);
    assertThat(failure).hasMessageContaining("at most 8 interim answers");
  }

  @OnEachBackend
  void failsOnWhatIsNoHttp(IoBackend backend) throws Exception {
    OpeningFailure failure = failureAfter(backend, "SSH-2.0-OpenSSH_9.6\r\n");
    assertThat(failure.stage()).isEqualTo(Stage.HANDSHAKE);
    assertThat(failure.isTimeout()).isFalse();
    assertThat(failure).hasMessage("the answer to the opening handshake is no valid HTTP");
  }

  @Rule("K5")
  @OnEachBackend
  void failsOnHeadersOverTheLimit(IoBackend backend) throws Exception {
    OpeningFailure failure =
        failureAfter(
            backend, "HTTP/1.1 101 Switching Protocols\r\nX: " + "x".repeat(5000) + "\r\n\r\n");
    assertThat(failure.stage()).isEqualTo(Stage.HANDSHAKE);
    assertThat(failure).hasMessageContaining("at most 4096 bytes");
  }

  @Rule("K5")
  @OnEachBackend
  void failsOnTooManyHeaders(IoBackend backend) throws Exception {
    OpeningFailure failure =
        failureAfter(
            backend, "HTTP/1.1 101 Switching Protocols\r\n" + "X: 1\r\n".repeat(300) + "\r\n");
    assertThat(failure).hasMessageContaining("at most 256 header fields").isNotNull();
  }

  @Rule("K2")
  @OnEachBackend
  void failsOnAWrongAccept(IoBackend backend) throws Exception {
    OpeningFailure failure =
        failureAfter(
            backend,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n");
    assertThat(failure.stage()).isEqualTo(Stage.HANDSHAKE);
    assertThat(failure).hasCauseInstanceOf(HandshakeException.class);
    assertThat(failure.response().status()).isEqualTo(101);
  }

  @OnEachBackend
  void failsOnAnAnswerOfHttp10(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().client(backend)) {
      Opened opened = TestOptions.open(client, server.url());
      RawPeer peer = server.accept();
      peer.write(RawPeer.accepting(peer.readHeader()).replace("HTTP/1.1", "HTTP/1.0"));
      assertThat(opened.failure().stage()).isEqualTo(Stage.HANDSHAKE);
    }
  }

  @OnEachBackend
  void failsWhereverTheAnswerIsCut(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().client(backend)) {
      int length = Integer.MAX_VALUE;
      for (int cut = 0; cut < length; cut++) {
        Opened opened = TestOptions.open(client, server.url());
        RawPeer peer = server.accept();
        byte[] answer = RawPeer.accepting(peer.readHeader()).getBytes();
        length = answer.length;
        peer.socket().getOutputStream().write(answer, 0, cut);
        if (cut % 2 == 0) {
          peer.close();
        } else {
          peer.reset();
        }
        OpeningFailure failure = opened.failure();
        assertThat(failure.stage()).as("cut after %d bytes", cut).isEqualTo(Stage.HANDSHAKE);
        assertThat(failure.isTimeout()).isFalse();
      }
    }
  }

  @Rule("K5")
  @OnEachBackend
  void failsWhenNoAnswerComes(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().withTimeouts(LONG, LONG, SHORT).client(backend)) {
      Opened opened = TestOptions.open(client, server.url());
      RawPeer peer = server.accept();
      peer.readHeader();
      OpeningFailure failure = opened.failure();
      assertThat(failure.stage()).isEqualTo(Stage.HANDSHAKE);
      assertThat(failure.isTimeout()).isTrue();
      assertThat(failure).hasMessage("no answer to the opening handshake within 200 ms");
      assertThat(peer.socket().getInputStream().read()).isEqualTo(-1);
    }
  }

  @Rule("K5")
  @OnEachBackend
  void failsWhenTheAnswerDrips(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().withTimeouts(LONG, LONG, SHORT).client(backend)) {
      Opened opened = TestOptions.open(client, server.url());
      server.serve(RawPeer::close);
      OpeningFailure first = opened.failure();
      assertThat(first.isTimeout()).isFalse();

      Opened dripped = TestOptions.open(client, server.url());
      RawPeer peer = server.accept();
      peer.readHeader();
      peer.write("HTTP/1.1 101 Switching Protocols\r\nX-Slow: ");
      while (!dripped.isDone()) {
        try {
          peer.write("x");
        } catch (java.io.IOException closedByTheClient) {
          break;
        }
        Thread.onSpinWait();
        if (peer.socket().isClosed()) {
          break;
        }
      }
      assertThat(dripped.failure().stage()).isEqualTo(Stage.HANDSHAKE);
    }
  }

  @OnEachBackend
  void endsAtOnceWhenItIsCancelled(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().client(backend)) {
      Opened opened = new Opened();
      ClientTransport.Opening opening = client.open(TestOptions.opening(server.url()), opened);
      RawPeer peer = server.accept();
      peer.readHeader();
      CancellationException cause = new CancellationException("enough");
      opening.cancel(cause);
      opening.cancel(new CancellationException("too late"));
      assertThat(opened.cause()).isSameAs(cause);
      assertThat(peer.socket().getInputStream().read()).isEqualTo(-1);
      assertThat(client.busyAddresses()).isZero();
    }
  }

  @OnEachBackend
  void isNotCancelledOnceOpen(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().client(backend)) {
      Opened opened = new Opened();
      ClientTransport.Opening opening = client.open(TestOptions.opening(server.url()), opened);
      RawPeer peer = server.accept();
      peer.acceptUpgrade();
      Recorder recorder = ChannelCalls.start(opened.channel());
      opening.cancel(new CancellationException("too late"));
      peer.write("still here");
      assertThat(recorder.awaitBytes(10)).isEqualTo("still here");
    }
  }

  @Rule({"K7", "6455-4.1-3"})
  @OnEachBackend
  void waitsForTheOpeningBeforeItToTheSameAddress(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().client(backend)) {
      Opened first = TestOptions.open(client, server.url());
      RawPeer firstPeer = server.accept();
      firstPeer.readHeader();
      Opened second = new Opened();
      ClientTransport.Opening waiting = client.open(TestOptions.opening(server.url()), second);
      Opened third = TestOptions.open(client, server.url());
      waiting.cancel(new CancellationException("not any more"));
      assertThat(second.cause()).hasMessage("not any more");
      firstPeer.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
      assertThat(first.failure().stage()).isEqualTo(Stage.REFUSED);
      RawPeer thirdPeer = server.accept();
      thirdPeer.acceptUpgrade();
      assertThat(third.success().response().status()).isEqualTo(101);
      assertThat(client.busyAddresses()).isZero();
    }
  }

  @Rule("K7")
  @OnEachBackend
  void opensSideBySideWhereThatIsAllowed(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().withoutTurns().client(backend)) {
      Opened first = TestOptions.open(client, server.url());
      Opened second = TestOptions.open(client, server.url());
      RawPeer firstPeer = server.accept();
      RawPeer secondPeer = server.accept();
      secondPeer.acceptUpgrade();
      firstPeer.acceptUpgrade();
      first.success();
      second.success();
    }
  }

  @Rule("K1")
  @OnEachBackend
  void takesARedirectForARefusal(IoBackend backend) throws Exception {
    OpeningFailure failure =
        failureAfter(
            backend, "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
    assertThat(failure.stage()).isEqualTo(Stage.REFUSED);
    assertThat(failure.response().status()).isEqualTo(302);
  }

  @OnEachBackend
  void cutsWhatIsOpenWhenTheTimeToCloseIsOver(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener()) {
      NettyClientTransport client = TestOptions.patient().client(backend);
      Opened open = TestOptions.open(client, server.url());
      server.accept().acceptUpgrade();
      Recorder recorder = ChannelCalls.start(open.channel());
      Opened underWay = TestOptions.open(client, server.url());
      server.accept().readHeader();
      client.close();
      recorder.await("closed");
      assertThat(underWay.failure()).hasMessage("the client was closed");
      Opened late = TestOptions.open(client, server.url());
      assertThat(late.failure()).hasMessage("the client is closed");
    }
  }

  @OnEachBackend
  void leavesOpenConnectionsTheTimeToCloseThemselves(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener()) {
      NettyClientTransport client = TestOptions.patient().withCloseTimeout(LONG).client(backend);
      Opened open = TestOptions.open(client, server.url());
      RawPeer peer = server.accept();
      peer.acceptUpgrade();
      Recorder recorder = ChannelCalls.start(open.channel());
      client.close();
      ChannelCalls.send(open.channel(), "after close");
      assertThat(peer.read(11)).isEqualTo("after close");
      ChannelCalls.run(open.channel(), open.channel()::closeTransport);
      recorder.await("closed");
      CountDownLatch ran = new CountDownLatch(1);
      open.channel().eventLoop().execute(ran::countDown);
      ran.await();
    }
  }

  private static OpeningFailure failureAfter(IoBackend backend, String answer) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().client(backend)) {
      Opened opened = TestOptions.open(client, server.url());
      RawPeer peer = server.accept();
      peer.readHeader();
      peer.write(answer);
      return opened.failure();
    }
  }
}
