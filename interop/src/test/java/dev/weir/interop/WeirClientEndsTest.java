package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.weir.conformance.Rule;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.opening.OpeningFailure;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections of Weir's client to Node's server end, or never begin. */
@Requires({Part.NODE, Part.WS})
@ExtendWith(Leftovers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WeirClientEndsTest {
  private NodeServer server;
  private WebSocketClient client;

  @BeforeAll
  void start() throws Exception {
    server = new NodeServer(null);
    client =
        WebSocketClient.builder()
            .header("X-Token", "s3cret")
            .header("Cookie", "a=b")
            .origin("https://weir.example")
            .build();
  }

  @AfterAll
  void stop() {
    client.close();
    server.close();
  }

  private String url(String pathAndQuery) {
    return server.url(pathAndQuery).toString();
  }

  @ParameterizedTest
  @CsvSource({"1000,''", "1000,done", "1001,leaving", "1008,no", "1011,oops", "3000,x", "4999,ü"})
  @Rule({"C2", "C4", "H1", "S9", "S19"})
  void seesTheCodeAndReasonThatTheServerClosesWith(int code, String reason) throws Exception {
    var query = URLEncoder.encode(reason, StandardCharsets.UTF_8);
    var stream = client.connect(url("/close?code=" + code + "&reason=" + query));
    var reader = Weir.get(stream.opened()).readable().getReader();

    assertThat(Weir.get(reader.read()).done()).isTrue();
    assertThat(Weir.get(stream.closing())).isEqualTo(new WebSocketCloseInfo(code, reason));
    assertThat(Weir.get(stream.closed())).isEqualTo(new WebSocketCloseInfo(code, reason));
  }

  @Test
  @Rule({"C4", "S19", "6455-7.4.1-1"})
  void seesACloseWithoutABodyAs1005() throws Exception {
    var stream = client.connect(url("/close"));

    assertThat(Weir.get(stream.closed())).isEqualTo(new WebSocketCloseInfo(1005, ""));
  }

  @Test
  @Rule({"S16", "H1", "6455-5.5.1-1"})
  void theServerSeesTheCodeAndReasonThatTheClientClosesWith() throws Exception {
    for (String id : new String[] {"with", "without"}) {
      var stream = client.connect(url("/echo?id=" + id));
      Weir.get(stream.opened());
      if (id.equals("with")) {
        stream.close(4242, "grüße");
      } else {
        stream.close();
      }
      Weir.get(stream.closed());
    }

    var with = server.awaitClosed("with");
    assertThat(with.get("code").getAsInt()).isEqualTo(4242);
    assertThat(with.get("reason").getAsString()).isEqualTo("grüße");
    assertThat(server.awaitClosed("without").get("code").getAsInt()).isEqualTo(1005);
  }

  @Test
  @Rule({"C4", "H1", "S9", "S14", "S19", "6455-7.2.1-2", "6455-7.4.1-2"})
  void aCutConnectionIsUncleanWith1006() throws Exception {
    var stream = client.connect(url("/terminate"));
    var connection = Weir.get(stream.opened());
    var reader = connection.readable().getReader();
    var writer = connection.writable().getWriter();

    Weir.get(writer.write(Message.of("cut me")));

    WebSocketError error = Weir.unclean(stream.closed(), 1006);
    assertThat(error.reason()).isEmpty();
    assertThat(Weir.failure(reader.read())).isSameAs(error);
    assertThat(Weir.failure(writer.closed())).isSameAs(error);
  }

  @Test
  @Rule({"H5", "C4"})
  void aServerThatNeverAnswersTheCloseIsCutAfterTheCloseTimeout() throws Exception {
    try (var impatient = WebSocketClient.builder().closeTimeout(Duration.ofMillis(300)).build()) {
      var stream = impatient.connect(url("/silent?id=silent"));
      Weir.get(stream.opened());

      stream.close(1000, "over");

      assertThat(Weir.unclean(stream.closed(), 1006))
          .hasCauseInstanceOf(TimeoutException.class)
          .hasMessageContaining("closing handshake")
          .hasMessageContaining("300 ms");
    }
  }

  @Test
  @Rule({"P2", "6455-5.5.2-1", "6455-5.5.3-1"})
  void answersAPingThoughNobodyReads() throws Exception {
    var stream = client.connect(url("/ping-and-close?code=4000&reason=ponged&id=ping"));

    assertThat(Weir.get(stream.closed())).isEqualTo(new WebSocketCloseInfo(4000, "ponged"));
    assertThat(server.awaitClosed("ping").get("pong").getAsString()).isEqualTo("are you there?");
  }

  @Test
  @Rule({"K2", "K3", "6455-4.1-13", "6455-4.1-14", "6455-4.1-15", "6455-4.1-16"})
  @Rule({"6455-4.1-17", "6455-4.1-20"})
  void sendsWhatAHandshakeNeedsAndTheUsersHeaders() throws Exception {
    var plain = server.url("/headers?a=%20b");
    try (var stream = client.connect("http://user:pass@" + plain.getRawAuthority() + "/headers")) {
      var reader = Weir.get(stream.opened()).readable().getReader();
      var text = (Message.Text) Weir.next(reader);

      var headers = JsonParser.parseString(text.text()).getAsJsonObject();
      assertThat(headers.get("host").getAsString()).isEqualTo(plain.getRawAuthority());
      assertThat(headers.get("x-token").getAsString()).isEqualTo("s3cret");
      assertThat(headers.get("cookie").getAsString()).isEqualTo("a=b");
      assertThat(headers.get("origin").getAsString()).isEqualTo("https://weir.example");
      assertThat(headers.get("authorization").getAsString()).isEqualTo("Basic dXNlcjpwYXNz");
      assertThat(headers.get("upgrade").getAsString()).isEqualToIgnoringCase("websocket");
      assertThat(headers.get("connection").getAsString()).isEqualToIgnoringCase("upgrade");
      assertThat(headers.get("sec-websocket-version").getAsString()).isEqualTo("13");
      stream.close();
      Weir.get(stream.closed());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 301, 401, 403, 429, 503})
  @Rule({"S5", "K1", "6455-4.1-24", "6455-7.2.1-1"})
  void aRefusedHandshakeTellsTheStatusTheHeadersAndTheBody(int status) throws Exception {
    WebSocketError error = Weir.refused(client.connect(url("/refuse?status=" + status)));

    assertThat(error.closeCode()).isEqualTo(1006);
    assertThat(error.response()).isNotNull();
    assertThat(error.response().status()).isEqualTo(status);
    assertThat(error.response().headers().first("X-Why")).contains("tired");
    assertThat(error.response().bodyText()).isEqualTo("not today, thanks");
    assertThat(((OpeningFailure) error.getCause()).stage()).isEqualTo(OpeningFailure.Stage.REFUSED);
  }
}
