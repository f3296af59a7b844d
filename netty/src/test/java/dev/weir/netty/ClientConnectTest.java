package dev.weir.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weir.conformance.Rule;
import dev.weir.websocket.opening.OpeningFailure;
import dev.weir.websocket.opening.OpeningFailure.Stage;
import dev.weir.websocket.spi.EventLoop;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** From the name to the TCP connection. */
@ExtendWith(Leftovers.class)
final class ClientConnectTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(200);

  @Rule("K5")
  @OnEachBackend
  void failsOnANameThatDoesNotExist(IoBackend backend) throws Exception {
    try (var client = TestOptions.patient().client(backend)) {
      OpeningFailure failure = TestOptions.open(client, "ws://name.invalid/").failure();
      assertThat(failure.stage()).isEqualTo(Stage.NAME_RESOLUTION);
      assertThat(failure).hasMessage("name.invalid could not be resolved");
      assertThat(failure).hasCauseInstanceOf(UnknownHostException.class);
    }
  }

  @Rule("6455-4.1-6")
  @OnEachBackend
  void failsOnAPortWhereNobodyListens(IoBackend backend) throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    try (var client = TestOptions.patient().client(backend)) {
      OpeningFailure one = TestOptions.open(client, "ws://127.0.0.1:" + port + "/").failure();
      assertThat(one.stage()).isEqualTo(Stage.CONNECT);
      assertThat(one.isTimeout()).isFalse();
      assertThat(one).hasMessage("no TCP connection to 127.0.0.1:" + port);
      assertThat(one).hasCauseInstanceOf(IOException.class);
      OpeningFailure two = TestOptions.open(client, "ws://localhost:" + port + "/").failure();
      assertThat(two)
          .hasMessage("no TCP connection to localhost:" + port + " at any of its 2 addresses");
      assertThat(two.getCause().getSuppressed()).hasSize(1);
      assertThat(client.busyAddresses()).isZero();
    }
  }

  @Rule("K5")
  @OnEachBackend
  void failsWhenNoConnectionComesInTime(IoBackend backend) throws Exception {
    // Once the backlog is full the kernel leaves connection attempts without an answer.
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      List<java.net.Socket> fillers = new ArrayList<>();
      try {
        fillBacklog(full.getLocalPort(), fillers);
        try (var client = TestOptions.patient().withTimeouts(SHORT, LONG, LONG).client(backend)) {
          OpeningFailure failure =
              TestOptions.open(client, "ws://127.0.0.1:" + full.getLocalPort() + "/").failure();
          assertThat(failure.stage()).isEqualTo(Stage.CONNECT);
          assertThat(failure.isTimeout()).isTrue();
          assertThat(failure)
              .hasMessage(
                  "no TCP connection to 127.0.0.1:" + full.getLocalPort() + " within 200 ms");
        }
      } finally {
        for (java.net.Socket filler : fillers) {
          filler.close();
        }
      }
    }
  }

  private static void fillBacklog(int port, List<java.net.Socket> fillers) throws IOException {
    for (int i = 0; i < 16; i++) {
      java.net.Socket filler = new java.net.Socket();
      fillers.add(filler);
      try {
        filler.connect(new InetSocketAddress("127.0.0.1", port), 200);
      } catch (java.net.SocketTimeoutException itIsFull) {
        return;
      }
    }
    assumeThat(false).as("the backlog fills up").isTrue();
  }

  @OnEachBackend
  void takesTheAddressThatAnswers(IoBackend backend) throws Exception {
    // Nobody listens on ::1 at this port.
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().client(backend)) {
      Opened opened = TestOptions.open(client, "ws://localhost:" + server.port() + "/");
      RawPeer peer = server.accept();
      assertThat(RawPeer.field(peer.acceptUpgrade(), "Host"))
          .isEqualTo("localhost:" + server.port());
      opened.success();
    }
  }

  @OnEachBackend
  void connectsToAnIpv6Literal(IoBackend backend) throws Exception {
    ServerSocket socket;
    try {
      socket = new ServerSocket(0, 5, InetAddress.getByName("::1"));
    } catch (IOException noIpv6) {
      assumeThat(false).as("IPv6 is there").isTrue();
      return;
    }
    try (var server = new RawPeer.Listener(socket);
        var client = TestOptions.patient().client(backend)) {
      Opened opened = TestOptions.open(client, "ws://[::1]:" + server.port() + "/");
      assertThat(RawPeer.field(server.accept().acceptUpgrade(), "Host"))
          .isEqualTo("[::1]:" + server.port());
      opened.success();
    }
  }

  @OnEachBackend
  void triesTheNextAddressBesideOneThatDoesNotAnswer(IoBackend backend) throws Exception {
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        var server = new RawPeer.Listener()) {
      List<java.net.Socket> fillers = new ArrayList<>();
      EventLoopGroup group = backend.newGroup(1, new LoopThreads("weir-test", true));
      try {
        fillBacklog(full.getLocalPort(), fillers);
        List<InetSocketAddress> addresses =
            List.of(
                new InetSocketAddress("127.0.0.1", full.getLocalPort()),
                new InetSocketAddress("127.0.0.1", server.port()));
        InetSocketAddress winner =
            race(backend, group, addresses, Duration.ofMillis(1))
                .get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(winner).isEqualTo(addresses.get(1));
      } finally {
        for (java.net.Socket filler : fillers) {
          filler.close();
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      }
    }
  }

  @OnEachBackend
  void triesTheNextAddressAtOnceWhenOneFails(IoBackend backend) throws Exception {
    int refusing;
    try (ServerSocket socket = new ServerSocket(0)) {
      refusing = socket.getLocalPort();
    }
    EventLoopGroup group = backend.newGroup(1, new LoopThreads("weir-test", true));
    try (var server = new RawPeer.Listener()) {
      List<InetSocketAddress> addresses =
          List.of(
              new InetSocketAddress("127.0.0.1", refusing),
              new InetSocketAddress("127.0.0.1", server.port()));
      InetSocketAddress winner =
          race(backend, group, addresses, Duration.ofDays(1))
              .get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(winner).isEqualTo(addresses.get(1));
      CompletableFuture<InetSocketAddress> lost =
          race(backend, group, addresses.subList(0, 1), Duration.ofDays(1));
      assertThatThrownBy(() -> lost.get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IOException.class);
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  private static CompletableFuture<InetSocketAddress> race(
      IoBackend backend,
      EventLoopGroup group,
      List<InetSocketAddress> addresses,
      Duration attemptDelay) {
    CompletableFuture<InetSocketAddress> result = new CompletableFuture<>();
    io.netty.channel.EventLoop loop = group.next();
    EventLoop ours = new NettyEventLoop(loop);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(backend.socketClass())
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {}
                });
    HappyEyeballs.Outcome outcome =
        new HappyEyeballs.Outcome() {
          @Override
          public void connected(Channel channel, InetSocketAddress address) {
            channel.close();
            result.complete(address);
          }

          @Override
          public void failed(List<Throwable> causes) {
            result.completeExceptionally(causes.get(0));
          }
        };
    loop.execute(
        () -> new HappyEyeballs(bootstrap, ours, addresses, attemptDelay, outcome).start());
    return result;
  }

  @Test
  void tryingGoesByTurnsOfTheFamiliesIpv6First() throws Exception {
    InetAddress a4 = InetAddress.getByName("192.0.2.1");
    InetAddress b4 = InetAddress.getByName("192.0.2.2");
    InetAddress c4 = InetAddress.getByName("192.0.2.3");
    InetAddress a6 = Inet6Address.getByName("2001:db8::1");
    InetAddress b6 = Inet6Address.getByName("2001:db8::2");
    assertThat(HappyEyeballs.interleave(List.of(a4, b4, c4, a6, b6, a4)))
        .containsExactly(a6, a4, b6, b4, c4);
    assertThat(HappyEyeballs.interleave(List.of(b4, a4))).containsExactly(b4, a4);
  }

  @Test
  void localhostAndAddressesAreNotAskedFor() throws Exception {
    try (NameResolver resolver = new NameResolver()) {
      assertThat(resolver.resolve("LOCALHOST").get())
          .containsExactly(InetAddress.getByName("::1"), InetAddress.getByName("127.0.0.1"));
      assertThat(resolver.resolve("sub.localhost").get()).hasSize(2);
      assertThat(resolver.resolve("192.0.2.7").get())
          .containsExactly(InetAddress.getByName("192.0.2.7"));
      assertThat(resolver.resolve("2001:db8::7").get())
          .containsExactly(InetAddress.getByName("2001:db8::7"));
    }
  }
}
