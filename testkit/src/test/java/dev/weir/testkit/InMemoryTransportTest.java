package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.protocol.handshake.Agreement;
import dev.weir.protocol.handshake.HandshakeRequest;
import dev.weir.protocol.handshake.Headers;
import dev.weir.protocol.handshake.Refusal;
import dev.weir.websocket.opening.OpeningFailure;
import dev.weir.websocket.opening.OpeningFailure.Stage;
import dev.weir.websocket.spi.ClientTransport;
import dev.weir.websocket.spi.ServerTransport;
import dev.weir.websocket.spi.UpgradeExchange;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InMemoryTransportTest {
  private final Network network = new Network();
  private final ManualEventLoop loop = network.loop;
  private final InMemoryTransport transport = network.transport;
  private final Recorder client = new Recorder();

  // A client against the test.

  @Test
  void showsTheRequestAsItWouldBeOnTheWire() {
    network.open("ws://example.com:81/chat?x=1", client, "a", "b");
    ScriptedOpening opening = transport.nextOpening();
    HandshakeRequest request = opening.request();
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.target()).isEqualTo("/chat?x=1");
    assertThat(request.headers().first("Host")).contains("example.com:81");
    assertThat(request.headers().first("Sec-WebSocket-Protocol")).contains("a, b");
    assertThat(request.headers().first("X-Own")).contains("1");
    opening.fail(Stage.CONNECT, "over");
    loop.assertIdle();
  }

  @Test
  void acceptsWithTheFirstSubprotocol() {
    network.open("ws://example.com/", client, "a", "b");
    ScriptedPeer peer = transport.nextOpening().accept();
    assertThat(client.ends()).as("nothing comes from inside the call").isZero();
    loop.runPending();
    assertThat(client.agreement).isEqualTo(new Agreement("a", List.of()));
    assertThat(client.response.status()).isEqualTo(101);
    assertThat(peer.protocol()).isEqualTo("a");
    assertThat(client.channel().remoteAddress())
        .isEqualTo(InetSocketAddress.createUnresolved("example.com", 80));
    loop.assertIdle();
  }

  @Test
  void failsAnAnswerThatTheClientDidNotAskFor() {
    network.open("ws://example.com/", client, "a");
    ScriptedPeer peer = transport.nextOpening().accept("b", List.of(), Headers.empty());
    loop.runPending();
    assertThat(client.failure)
        .isInstanceOfSatisfying(
            OpeningFailure.class,
            failure -> {
              assertThat(failure.stage()).isEqualTo(Stage.HANDSHAKE);
              assertThat(failure.response().status()).isEqualTo(101);
            });
    peer.expectEnd();
    loop.assertIdle();
  }

  @Test
  void failsAWrongAccept() {
    network.open("ws://example.com/", client);
    ScriptedOpening opening = transport.nextOpening();
    opening.acceptWith(
        opening.acceptingHeaders().toBuilder().set("Sec-WebSocket-Accept", "wrong").build());
    loop.runPending();
    assertThat(client.failure).hasMessageContaining("Sec-WebSocket-Accept");
  }

  @Test
  void refusesWithStatusHeadersAndTheFirstPartOfTheBody() {
    network.open("ws://example.com/", client);
    transport
        .nextOpening()
        .refuse(new Refusal(429, Headers.of("Retry-After", "7"), "twelve bytes"));
    loop.runPending();
    OpeningFailure failure = (OpeningFailure) client.failure;
    assertThat(failure.stage()).isEqualTo(Stage.REFUSED);
    assertThat(failure.response().status()).isEqualTo(429);
    assertThat(failure.response().headers().first("Retry-After")).contains("7");
    assertThat(failure.response().bodyText()).isEqualTo("twelve byt");
    assertThat(failure.response().bodyComplete()).isFalse();
    loop.assertIdle();
  }

  @Test
  void failsInEachStageWithTheCauseOfARealTransport() {
    assertThat(failed(Stage.NAME_RESOLUTION)).hasCauseInstanceOf(UnknownHostException.class);
    assertThat(failed(Stage.CONNECT)).hasCauseInstanceOf(ConnectException.class);
    assertThat(failed(Stage.TLS)).hasCauseInstanceOf(SSLHandshakeException.class);
    assertThat(failed(Stage.HANDSHAKE)).hasNoCause();
  }

  private Throwable failed(Stage stage) {
    Recorder recorder = new Recorder();
    network.open("ws://example.com/", recorder);
    transport.nextOpening().fail(stage, "scripted");
    loop.runPending();
    assertThat(recorder.failure)
        .isInstanceOfSatisfying(
            OpeningFailure.class, failure -> assertThat(failure.stage()).isEqualTo(stage));
    return recorder.failure;
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      names = {"CONNECT", "TLS", "HANDSHAKE"})
  void runsIntoTheTimeoutOfTheStageThatHangs(Stage stage) {
    network.open("ws://example.com/", client);
    transport.nextOpening().hang(stage);
    Duration timeout =
        switch (stage) {
          case CONNECT -> Network.CONNECT_TIMEOUT;
          case TLS -> Network.TLS_TIMEOUT;
          default -> Network.HANDSHAKE_TIMEOUT;
        };
    loop.advance(timeout.minusNanos(1));
    assertThat(client.ends()).isZero();

    loop.advance(Duration.ofNanos(1));

    OpeningFailure failure = (OpeningFailure) client.failure;
    assertThat(failure.stage()).isEqualTo(stage);
    assertThat(failure.isTimeout()).isTrue();
    loop.assertIdle();
  }

  @Test
  void dropsAnOpeningThatTheClientCancels() {
    ClientTransport.Opening cancel = network.open("ws://example.com/", client);
    ScriptedOpening opening = transport.nextOpening();
    IOException cause = new IOException("changed my mind");
    cancel.cancel(cause);
    loop.runPending();
    assertThat(client.failure).isSameAs(cause);
    assertThat(opening.cancellation()).isSameAs(cause);
    assertThat(opening.isOver()).isTrue();
    assertThatThrownBy(opening::accept).isInstanceOf(IllegalStateException.class);
    loop.assertIdle();
  }

  @Test
  void endsAnOpeningOnceWhenItIsAnsweredAndCancelledAtTheSameTime() {
    ClientTransport.Opening cancel = network.open("ws://example.com/", client);
    ScriptedOpening opening = transport.nextOpening();
    ScriptedPeer peer = opening.accept();
    cancel.cancel(new IOException("too late"));
    loop.runPending();
    assertThat(client.ends()).isEqualTo(1);
    assertThat(client.failure).isNull();
    assertThat(peer.hasEnded()).isFalse();
  }

  @Test
  void meetsClientsWithABehaviour() {
    network.open("ws://example.com/", client);
    loop.runPending();
    transport.behave(Behaviour.refuses(403, "no"));
    loop.runPending();
    assertThat(((OpeningFailure) client.failure).response().status()).isEqualTo(403);
    assertThat(transport.waitingOpenings()).isZero();
  }

  @Test
  void cutsWhatIsOpenWhenAClosedClientsTimeIsOver() {
    ScriptedPeer peer = network.peerOf(client);
    network.client.close();
    loop.advance(Network.CLOSE_TIMEOUT.minusNanos(1));
    assertThat(peer.hasEnded()).isFalse();
    loop.advance(Duration.ofNanos(1));
    peer.expectEnd();
    assertThat(client.events).containsExactly("closed");
    loop.assertIdle();
  }

  @Test
  void leavesNoTimerWhenTheLastConnectionOfAClosedClientEnds() {
    ScriptedPeer peer = network.peerOf(client);
    network.client.close();
    network.onLoop(() -> client.channel().closeTransport());
    peer.expectEnd();
    loop.assertIdle();
  }

  // A server against the test, and against a client.

  @Test
  void joinsAClientWithAServerThatListens() throws Exception {
    Recorder serverSide = new Recorder();
    ServerTransport server = network.server(10);
    InetSocketAddress address =
        server.start(
            exchange ->
                exchange.accept(
                    new Agreement("b", List.of()),
                    Headers.of("X-Server", "1"),
                    channel -> serverSide.opened(channel, Agreement.NONE, null)));
    network.open("ws://localhost:" + address.getPort() + "/x", client, "a", "b");
    loop.runPending();
    assertThat(client.agreement.protocol()).isEqualTo("b");
    assertThat(client.response.headers().first("X-Server")).contains("1");

    network.onLoop(() -> client.write("to server"));
    network.onLoop(() -> serverSide.write("to client"));
    assertThat(serverSide.text()).isEqualTo("to server");
    assertThat(client.text()).isEqualTo("to client");

    server.close();
    loop.runPending();
    assertThat(serverSide.events).endsWith("closed");
    assertThat(client.events).endsWith("inputShut");
    loop.assertIdle();
  }

  @Test
  void asksAServerWithAnyRequest() throws Exception {
    List<UpgradeExchange> exchanges = new ArrayList<>();
    network.server(10).start(exchanges::add);
    ScriptedRequest wrong =
        transport.request(new HandshakeRequest("POST", "/", Headers.of("Host", "x")));
    assertThat(wrong.awaitResponse().status()).isEqualTo(405);
    assertThatThrownBy(wrong::awaitPeer)
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("expected status 101 but was HTTP 405");
    assertThat(exchanges).isEmpty();
    loop.assertIdle();
  }

  @Test
  void refusesAConnectionBeyondTheLimit() throws Exception {
    network
        .server(1)
        .start(exchange -> exchange.accept(Agreement.NONE, Headers.empty(), channel -> {}));
    ScriptedPeer first = transport.connect("/");
    assertThat(transport.request("/", List.of(), Headers.empty()).awaitResponse().status())
        .isEqualTo(503);
    assertThat(first.hasEnded()).isFalse();
  }

  @Test
  void refusesAnExchangeThatIsNotAnsweredInTime() throws Exception {
    List<UpgradeExchange> exchanges = new ArrayList<>();
    network.server(10).start(exchanges::add);
    ScriptedRequest request = transport.request("/", List.of(), Headers.empty());
    loop.advance(Network.HANDSHAKE_TIMEOUT);
    assertThat(request.awaitResponse().status()).isEqualTo(503);
    assertThatThrownBy(() -> exchanges.get(0).refuse(Refusal.notFound()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("expected an exchange without an answer but it has one");
    loop.assertIdle();
  }

  @Test
  void doesNotOpenForAClientThatHasGone() throws Exception {
    List<UpgradeExchange> exchanges = new ArrayList<>();
    List<String> opened = new ArrayList<>();
    network.server(10).start(exchanges::add);
    ScriptedRequest request = transport.request("/", List.of(), Headers.empty());
    loop.runPending();
    request.giveUp();
    exchanges.get(0).accept(Agreement.NONE, Headers.empty(), channel -> opened.add("opened"));
    loop.assertIdle();
    assertThat(opened).isEmpty();
  }

  @Test
  void acceptsNoMoreOnceAServerStopped() throws Exception {
    ServerTransport server = network.server(10);
    InetSocketAddress address = server.start(exchange -> {});
    server.stopAccepting();
    network.open("ws://localhost:" + address.getPort() + "/", client);
    assertThat(transport.nextOpening().isOver()).isFalse();
  }

  @Test
  void refusesAPortInUse() throws Exception {
    ServerTransport server = network.server(10);
    InetSocketAddress address = server.start(exchange -> {});
    assertThatThrownBy(() -> transport.bind(address.getPort(), null))
        .isInstanceOf(IOException.class);
  }
}
