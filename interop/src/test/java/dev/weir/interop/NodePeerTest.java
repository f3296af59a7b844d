package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The behaviours of Node's server, seen by the client of the JDK. */
@Requires({Part.NODE, Part.WS})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodePeerTest {
  private NodeServer plain;
  private NodeServer secure;
  private PeerClient client;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    var certificate = TestCertificate.in(folder);
    plain = new NodeServer(null);
    secure = new NodeServer(certificate);
    client = new JdkClient(certificate.clientContext());
  }

  @AfterAll
  void stop() throws Exception {
    client.close();
    plain.close();
    secure.close();
  }

  @Test
  void echoesOverTlsAndSelectsTheFirstSubprotocol() throws Exception {
    PeerSession session = client.connect(secure.echo(), List.of("chat", "other"));

    assertThat(session.protocol()).isEqualTo("chat");
    session.send("hello");
    assertThat(session.next()).isEqualTo(new PeerEvent.Text("hello"));
    session.close(1000, "");
    assertThat(session.next()).isEqualTo(new PeerEvent.Closed(1000, ""));
    assertThat(secure.stats("").get("messages").getAsInt()).isEqualTo(1);
  }

  @Test
  void closesWithTheCodeAndReasonThatTheUrlSays() throws Exception {
    PeerSession session = client.connect(plain.url("/close?code=4321&reason=why"), List.of());

    assertThat(session.next()).isEqualTo(new PeerEvent.Closed(4321, "why"));
  }

  @Test
  void cutsTheConnectionAfterAMessage() throws Exception {
    PeerSession session = client.connect(plain.url("/terminate"), List.of());

    session.send("cut");
    assertThat(session.next())
        .satisfiesAnyOf(
            event -> assertThat(event).isInstanceOf(PeerEvent.Failed.class),
            event -> assertThat(event).isEqualTo(new PeerEvent.Closed(1006, "")));
  }

  @Test
  void floodsWithNumberedMessagesAndThenCloses() throws Exception {
    PeerSession session =
        client.connect(plain.url("/flood?count=1000&size=1000&id=flood"), List.of());

    for (int number = 0; number < 1000; number++) {
      var message = (PeerEvent.Binary) session.next();
      assertThat(message.bytes()).hasSize(1000);
      assertThat(ByteBuffer.wrap(message.bytes()).getInt()).isEqualTo(number);
    }
    assertThat(session.next()).isEqualTo(new PeerEvent.Closed(1000, ""));
    assertThat(plain.stats("flood").get("sent").getAsLong()).isGreaterThan(1_000_000);
  }

  @Test
  void readsNothingUntilItIsToldTo() throws Exception {
    PeerSession session = client.connect(plain.url("/unread?id=unread"), List.of());

    session.send("kept back");
    assertThat(plain.stats("unread").get("messages").getAsInt()).isZero();
    plain.resume("unread");
    session.close(1000, "");
    assertThat(session.next()).isEqualTo(new PeerEvent.Closed(1000, ""));
    assertThat(plain.stats("unread").get("messages").getAsInt()).isEqualTo(1);
  }

  @Test
  void runsAClientThatSendsAndClosesAsTold() throws Exception {
    var seen =
        NodeClient.run(
            secure.echo(),
            """
            {"protocols":["chat"],"send":["a",{"binary":3}],"expect":2,"close":[4000,"done"]}
            """);

    assertThat(seen)
        .isEqualTo(
            JsonParser.parseString(
                """
                {"messages":["a",{"binary":3}],"code":4000,"reason":"done","protocol":"chat",
                 "error":null}
                """));
  }
}
