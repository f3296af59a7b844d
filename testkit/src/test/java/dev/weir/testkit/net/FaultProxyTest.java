package dev.weir.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.testkit.Fault;
import dev.weir.testkit.Fault.Kind;
import dev.weir.testkit.Fault.Side;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets on loopback. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class FaultProxyTest {
  private static final int LONG_MILLIS = 20_000;
  private static final int SHORT_MILLIS = 50;

  private ServerSocket listener;
  private FaultProxy proxy;
  private Socket client;
  private Socket server;

  @BeforeEach
  void listen() throws IOException {
    listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    proxy = FaultProxy.to((InetSocketAddress) listener.getLocalSocketAddress());
  }

  @AfterEach
  void closeAll() throws IOException {
    proxy.close();
    listener.close();
    if (client != null) {
      client.close();
      server.close();
    }
  }

  private void connect() throws IOException {
    client = new Socket(proxy.address().getAddress(), proxy.port());
    server = listener.accept();
    client.setSoTimeout(LONG_MILLIS);
    server.setSoTimeout(LONG_MILLIS);
  }

  @Test
  void passesBytesAndEndsBothWays() throws IOException {
    connect();
    client.getOutputStream().write(new byte[] {1, 2, 3});
    client.shutdownOutput();
    assertThat(server.getInputStream().readAllBytes()).containsExactly(1, 2, 3);
    server.getOutputStream().write(new byte[] {4, 5});
    server.close();
    assertThat(client.getInputStream().readAllBytes()).containsExactly(4, 5);
    assertThat(proxy.passed(Side.TO_SERVER)).isEqualTo(3);
    assertThat(proxy.passed(Side.TO_CLIENT)).isEqualTo(2);
    assertThat(proxy.accepted()).isEqualTo(1);
  }

  @Test
  void passesPieces() throws IOException {
    proxy.pieces(1);
    connect();
    byte[] sent = new byte[2_000];
    sent[1_999] = 7;
    client.getOutputStream().write(sent);
    assertThat(server.getInputStream().readNBytes(2_000)).isEqualTo(sent);
  }

  @Test
  void cutsAfterSoManyBytes() throws IOException {
    proxy.breakWith(new Fault(Kind.CUT, Side.TO_SERVER, 2));
    connect();
    client.getOutputStream().write(new byte[] {1, 2});
    assertThat(server.getInputStream().readAllBytes()).containsExactly(1, 2);
    assertThat(client.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void resetsAfterSoManyBytes() throws IOException {
    proxy.breakWith(new Fault(Kind.RESET, Side.TO_CLIENT, 2));
    connect();
    server.getOutputStream().write(new byte[] {1, 2});
    assertThatThrownBy(() -> client.getInputStream().readAllBytes())
        .isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> server.getInputStream().readAllBytes())
        .isInstanceOf(SocketException.class);
  }

  @Test
  void endsOneDirectionAfterSoManyBytes() throws IOException {
    proxy.breakWith(new Fault(Kind.HALF_CLOSE, Side.TO_SERVER, 2));
    connect();
    client.getOutputStream().write(new byte[] {1, 2, 3});
    assertThat(server.getInputStream().readAllBytes()).containsExactly(1, 2);
    server.getOutputStream().write(4);
    assertThat(client.getInputStream().read()).isEqualTo(4);
  }

  @Test
  void stallsAfterSoManyBytesUntilResumed() throws IOException {
    proxy.breakWith(new Fault(Kind.STALL, Side.TO_SERVER, 2));
    connect();
    client.getOutputStream().write(new byte[] {1, 2, 3});
    assertThat(server.getInputStream().readNBytes(2)).containsExactly(1, 2);
    server.setSoTimeout(SHORT_MILLIS);
    assertThatThrownBy(() -> server.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    server.setSoTimeout(LONG_MILLIS);
    proxy.resume();
    assertThat(server.getInputStream().read()).isEqualTo(3);
  }

  @Test
  void breaksWhatIsOpenNow() throws IOException {
    connect();
    client.getOutputStream().write(1);
    assertThat(server.getInputStream().read()).isEqualTo(1);
    proxy.breakNow(Kind.RESET, Side.TO_SERVER);
    assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketException.class);
  }

  @Test
  void endsWithAStalledConnection() throws IOException {
    proxy.breakWith(new Fault(Kind.STALL, Side.TO_SERVER, 0));
    connect();
    client.getOutputStream().write(1);
    proxy.close();
    assertThat(server.getInputStream().read()).isEqualTo(-1);
  }
}
