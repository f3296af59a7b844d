package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.interop.RawLink.Settings;
import dev.weir.interop.RawLink.Weirs;
import dev.weir.streams.InvalidStateError;
import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.ServerConnection;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketServer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The closing handshake of platform.md, section 2, over loopback TCP with raw peers. */
@ExtendWith(Leftovers.class)
class ClosingOnSocketsTest {
  private static final Settings IMPATIENT =
      Settings.PATIENT.withCloseTimeout(Duration.ofMillis(300));

  @Test
  @Rule({"H1", "C6"})
  void bothSidesThatCloseAtOnceEndClean() throws Exception {
    var served = new LinkedBlockingQueue<ServerConnection>();
    var route =
        Route.async(
            "/",
            connection -> {
              served.add(connection);
              return connection.closed();
            });
    try (var server = WebSocketServer.builder().route(route).start();
        var client = WebSocketClient.create()) {
      for (int round = 0; round < 50; round++) {
        var stream = client.connect(server.url("/"));
        Weir.get(stream.opened());
        ServerConnection connection = Weir.next(served);
        var barrier = new CyclicBarrier(2);
        var other =
            Weir.start(
                () -> {
                  barrier.await(Weir.SECONDS, TimeUnit.SECONDS);
                  connection.close(4002, "server");
                  return true;
                });

        barrier.await(Weir.SECONDS, TimeUnit.SECONDS);
        stream.close(4001, "client");

        Weir.get(other);
        // The peer's own code, or the echo of this side's if that was faster.
        assertThat(Weir.get(stream.closed()).closeCode()).isIn(4001, 4002);
        assertThat(Weir.get(connection.closed()).closeCode()).isIn(4001, 4002);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @Rule({"C6", "H1", "S19", "6455-5.5.1-6"})
  void theCodeReportedIsThePeersAlsoWhereThisSideClosedFirst(Weirs role) throws Exception {
    try (var link = RawLink.open(role)) {
      link.connection().close(4001, "mine");

      RawPeer.Frame close = link.peer().readFrame();
      assertThat(close.closeCode()).isEqualTo(4001);
      assertThat(close.closeReason()).isEqualTo("mine");
      link.peer().sendClose(4002, "theirs").shutdownOutput();
      assertThat(Weir.get(link.connection().closed()))
          .isEqualTo(new WebSocketCloseInfo(4002, "theirs"));
    }
  }

  @ParameterizedTest
  @EnumSource
  @Rule({"H2", "S12", "S14"})
  void dataThatDoesNotGetOutMakesTheCloseUncleanWithThePeersCode(Weirs role) throws Exception {
    try (var link = RawLink.open(role, Settings.PATIENT.withPeersBuffer(4096))) {
      var writer = link.connection().writable().getWriter();
      var write = writer.write(Message.of(new byte[16 << 20]));
      assertThat(link.peer().socket().getInputStream().read()).isEqualTo(RawPeer.BINARY & 0x7F);

      link.peer().sendClose(4000, "enough");
      assertThat(Weir.get(link.connection().closing()).closeCode()).isEqualTo(4000);
      link.peer().reset();

      WebSocketError error = Weir.unclean(link.connection().closed(), 4000);
      assertThat(error.reason()).isEqualTo("enough");
      assertThat(Weir.failure(write)).isInstanceOf(InvalidStateError.class);
      assertThat(Weir.failure(writer.closed())).isSameAs(error);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Rule({"H3", "S13a", "6455-5.5.1-4", "6455-6.1-1", "6455-6.1-6"})
  void whatWasAcceptedGoesBeforeTheCloseAndNothingAfterIt(Weirs role) throws Exception {
    try (var link = RawLink.open(role)) {
      List<CompletableFuture<Void>> accepted = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        accepted.add(
            link.connection().sendAsync(Message.of("message " + i + ".".repeat(1 + i * 10))));
      }
      link.connection().close(4000, "");
      var late = link.connection().sendAsync(Message.of("too late"));

      for (int i = 0; i < 500; i++) {
        assertThat(link.peer().readFrame().text()).startsWith("message " + i + ".");
      }
      assertThat(link.peer().readFrame().closeCode()).isEqualTo(4000);
      link.peer().sendClose(4000, "").shutdownOutput();
      assertThat(link.peer().readAll()).isEmpty();
      for (var write : accepted) {
        Weir.get(write);
      }
      assertThat(Weir.failure(late)).isInstanceOf(InvalidStateError.class);
      assertThat(Weir.get(link.connection().closed()).closeCode()).isEqualTo(4000);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Rule("H4")
  void whatComesAfterThisSidesCloseIsDropped(Weirs role) throws Exception {
    try (var link = RawLink.open(role)) {
      var read = link.connection().readable().getReader().read();
      link.connection().close(1000);
      assertThat(link.peer().readFrame().closeCode()).isEqualTo(1000);

      link.peer().send(RawPeer.TEXT, "dropped").send(RawPeer.PING, "no answer needed");
      link.peer().sendClose(1000, "").shutdownOutput();

      assertThat(Weir.get(link.connection().closed()).closeCode()).isEqualTo(1000);
      assertThat(Weir.get(read).done()).isTrue();
    }
  }

  @Test
  @Rule({"H5", "6455-5.5.1-7"})
  void theServerEndsTcpFirst() throws Exception {
    try (var link = RawLink.open(Weirs.SERVER)) {
      link.peer().sendClose(4000, "bye");

      assertThat(link.peer().readFrame().closeCode()).isEqualTo(4000);
      assertThat(link.peer().readAll()).isEmpty();
      link.peer().close();
      assertThat(Weir.get(link.connection().closed()).closeCode()).isEqualTo(4000);
    }
  }

  @Test
  @Rule({"H1", "H5"})
  void theClientWaitsForTheServerToEndTcp() throws Exception {
    try (var link = RawLink.open(Weirs.CLIENT)) {
      link.peer().sendClose(4000, "bye");
      assertThat(link.peer().readFrame().closeCode()).isEqualTo(4000);

      link.peer().socket().setSoTimeout(300);
      assertThatThrownBy(() -> link.peer().readAll()).isInstanceOf(SocketTimeoutException.class);
      assertThat(link.connection().closed()).isNotDone();

      link.peer().shutdownOutput();
      assertThat(Weir.get(link.connection().closed()).closeCode()).isEqualTo(4000);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Rule("H5")
  void aPeerThatDoesNotAnswerTheCloseIsCutAfterTheTimeout(Weirs role) throws Exception {
    try (var link = RawLink.open(role, IMPATIENT)) {
      link.connection().close(4000, "");

      assertThat(Weir.unclean(link.connection().closed(), 1006))
          .hasCauseInstanceOf(TimeoutException.class)
          .hasMessageContaining("300 ms");
      assertThat(link.peer().readFrame().closeCode()).isEqualTo(4000);
      assertThat(link.peer().readAll()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Rule({"H6", "H5"})
  void anApplicationThatDoesNotReadDoesNotKeepTheConnectionFromClosing(Weirs role)
      throws Exception {
    try (var link = RawLink.open(role, Settings.PATIENT.withReceiveBuffer(1024))) {
      var flood =
          Weir.start(
              () -> {
                for (int i = 0; i < 512; i++) {
                  link.peer().send(RawPeer.BINARY, new byte[64 * 1024]);
                }
                return link.peer().sendClose(4000, "at last");
              });
      assertThatThrownBy(() -> flood.get(500, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);

      link.connection().close(1000);

      Weir.get(flood).shutdownOutput();
      assertThat(Weir.get(link.connection().closed()).closeCode()).isEqualTo(4000);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Rule({"H7", "C4"})
  void aPeerThatVanishesIsFoundByPings(Weirs role) throws Exception {
    var settings = Settings.PATIENT.withKeepAlive(Duration.ofMillis(200));
    try (var link = RawLink.open(role, settings)) {
      for (int i = 0; i < 3; i++) {
        RawPeer.Frame ping = link.peer().readFrame();
        assertThat(ping.first()).isEqualTo(RawPeer.PING);
        link.peer().send(RawPeer.PONG, ping.payload());
      }
      assertThat(link.peer().readFrame().first()).isEqualTo(RawPeer.PING);

      assertThat(Weir.unclean(link.connection().closed(), 1006))
          .hasCauseInstanceOf(TimeoutException.class)
          .hasMessageContaining("ping")
          .hasMessageContaining("800 ms");
    }
  }

  @ParameterizedTest
  @EnumSource
  @Rule("B3")
  void aPeerIsNotGivenUpWhileThisSideDoesNotRead(Weirs role) throws Exception {
    var settings = Settings.PATIENT.withKeepAlive(Duration.ofMillis(250)).withReceiveBuffer(1024);
    try (var link = RawLink.open(role, settings)) {
      link.peer().send(RawPeer.BINARY, new byte[64 * 1024]);

      // No pong ever comes; more than interval and timeout pass.
      assertThatThrownBy(() -> link.connection().closed().get(2, TimeUnit.SECONDS))
          .isInstanceOf(TimeoutException.class);

      assertThat(Weir.next(link.connection().readable().getReader()))
          .isEqualTo(Message.of(new byte[64 * 1024]));
      Weir.unclean(link.connection().closed(), 1006);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Rule({"B4", "C4"})
  void aResetIsNoticedWhileThisSideDoesNotRead(Weirs role) throws Exception {
    try (var link = RawLink.open(role, Settings.PATIENT.withReceiveBuffer(64))) {
      pause(link);

      link.peer().reset();

      assertThat(Weir.unclean(link.connection().closed(), 1006))
          .hasCauseInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Rule("B4")
  void anEndThatStaysUnreadIsNoticedAfterTheCloseTimeout(Weirs role) throws Exception {
    try (var link = RawLink.open(role, IMPATIENT.withReceiveBuffer(64))) {
      pause(link);

      link.peer().close();

      Weir.unclean(link.connection().closed(), 1006);
    }
  }

  /** Fills the receive buffer, so that this side reads no more, and sends what stays unread. */
  private static void pause(RawLink link) throws Exception {
    boolean masked = link.connection() instanceof ServerConnection;
    byte[] message = RawPeer.frame(RawPeer.BINARY, new byte[100], masked);
    byte[] ping = RawPeer.frame(RawPeer.PING, new byte[0], masked);
    // In one segment; the answer shows that the message before it was taken.
    var segment = ByteBuffer.allocate(message.length + ping.length).put(message).put(ping);
    link.peer().write(segment.array());
    assertThat(link.peer().readFrame().first()).isEqualTo(RawPeer.PONG);
    link.peer().send(RawPeer.BINARY, new byte[64 * 1024]);
  }

  @ParameterizedTest
  @EnumSource
  @Rule({"H1", "C4", "S9", "6455-7.2.1-2"})
  void anEndWithoutACloseFrameIsUnclean(Weirs role) throws Exception {
    try (var link = RawLink.open(role)) {
      var reader = link.connection().readable().getReader();
      link.peer().send(RawPeer.TEXT, "last words").shutdownOutput();

      assertThat(Weir.next(reader)).isEqualTo(Message.of("last words"));
      WebSocketError error = Weir.unclean(link.connection().closed(), 1006);
      assertThat(Weir.failure(reader.read())).isSameAs(error);
      link.peer().readAll();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Rule({"H1", "C4"})
  void aResetIsUncleanWithItsCause(Weirs role) throws Exception {
    try (var link = RawLink.open(role)) {
      link.peer().reset();

      assertThat(Weir.unclean(link.connection().closed(), 1006))
          .hasCauseInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Rule({"H1", "C6"})
  void aHalfCloseAfterThePeersCloseFrameStillGetsItsAnswer(Weirs role) throws Exception {
    try (var link = RawLink.open(role)) {
      link.peer().sendClose(4000, "bye").shutdownOutput();

      assertThat(link.peer().readFrame().closeCode()).isEqualTo(4000);
      assertThat(link.peer().readAll()).isEmpty();
      assertThat(Weir.get(link.connection().closed()))
          .isEqualTo(new WebSocketCloseInfo(4000, "bye"));
    }
  }
}
