package dev.weir.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weir.conformance.Rule;
import dev.weir.protocol.close.ProtocolViolation;
import dev.weir.protocol.frame.Opcode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which messages are taken in one step, from every kind of buffer, and which are left alone. */
@Rule({"P1", "6455-5.2-1"})
class ShortMessagesTest {
  private final ShortMessages ofServer = new ShortMessages(false, 1000);
  private final ShortMessages ofClient = new ShortMessages(true, 1000);

  /** The same bytes as heap, read-only and direct buffers, in both orders, behind another byte. */
  private static List<ByteBuffer> buffers(String hex) {
    byte[] bytes = HexFormat.of().parseHex("ff" + hex.replace(" ", ""));
    List<ByteBuffer> all = new ArrayList<>();
    for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
      all.add(ByteBuffer.wrap(bytes.clone()).position(1).order(order));
      all.add(ByteBuffer.wrap(bytes).position(1).asReadOnlyBuffer().order(order));
      all.add(ByteBuffer.allocateDirect(bytes.length).put(0, bytes).position(1).order(order));
    }
    return all;
  }

  @Test
  void takesTheUnmaskedMessagesOfAServer() {
    for (ByteBuffer in : buffers("8205 48656c6c6f 8200 8105 48656c6c6f 8100 8a00")) {
      assertThat(ofServer.next(in)).isEqualTo(Opcode.BINARY);
      assertThat(ofServer.takeBinary(in)).asHexString().isEqualTo("48656C6C6F");
      assertThat(ofServer.next(in)).isEqualTo(Opcode.BINARY);
      assertThat(ofServer.takeBinary(in)).isEmpty();
      assertThat(ofServer.next(in)).isEqualTo(Opcode.TEXT);
      assertThat(ofServer.takeText(in)).isEqualTo("Hello");
      assertThat(ofServer.next(in)).isEqualTo(Opcode.TEXT);
      assertThat(ofServer.takeText(in)).isEmpty();
      assertThat(ofServer.next(in)).isNull();
      assertThat(in.remaining()).isEqualTo(2);
    }
  }

  @Test
  void takesTheMaskedMessagesOfAClient() {
    for (ByteBuffer in :
        buffers("818537fa213d7f9f4d5158 828537fa213d7f9f4d5158 8289010203046161616161616161e1")) {
      assertThat(ofClient.next(in)).isEqualTo(Opcode.TEXT);
      assertThat(ofClient.takeText(in)).isEqualTo("Hello");
      assertThat(ofClient.next(in)).isEqualTo(Opcode.BINARY);
      assertThat(ofClient.takeBinary(in)).asHexString().isEqualTo("48656C6C6F");
      assertThat(ofClient.next(in)).isEqualTo(Opcode.BINARY);
      assertThat(ofClient.takeBinary(in)).asHexString().isEqualTo("6063626560636265E0");
      assertThat(ofClient.next(in)).isNull();
      assertThat(in.hasRemaining()).isFalse();
    }
  }

  @Test
  void takesTheLongestShortMessage() {
    for (ByteBuffer in : buffers("827d" + "ab".repeat(125))) {
      assertThat(ofServer.next(in)).isEqualTo(Opcode.BINARY);
      assertThat(ofServer.takeBinary(in)).hasSize(125).containsOnly(0xab);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Not all of it is there.
        "",
        "82",
        "8201",
        "820548656c6c",
        // Longer, also than it need say.
        "827e007e",
        "827e0001aa",
        "827f0000000000000001aa",
        // Fragments, control frames, reserved opcodes.
        "020161",
        "010161",
        "800161",
        "890161",
        "8a0161",
        "880203e8",
        "830161",
        "8b0161",
        // Reserved bits.
        "c20161",
        "a20161",
        "920161",
        "c10161",
        // Masked though it comes from a server.
        "828100000000aa",
        "818537fa213d7f9f4d5158",
      })
  void leavesAloneWhatElseAServerSends(String hex) {
    for (ByteBuffer in : buffers(hex)) {
      assertThat(ofServer.next(in)).isNull();
      assertThat(in.position()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8281000000",
        "828100000000",
        "828537fa213d7f9f4d51",
        "82fe007e00000000",
        "028100000000aa",
        "898100000000aa",
        "c28100000000aa",
        // Unmasked though it comes from a client.
        "820548656c6c6f0000000000",
        "827e00000000000000000000",
      })
  void leavesAloneWhatElseAClientSends(String hex) {
    for (ByteBuffer in : buffers(hex)) {
      assertThat(ofClient.next(in)).isNull();
      assertThat(in.position()).isEqualTo(1);
    }
  }

  @Test
  @Rule("P4")
  void leavesAloneWhatIsOverTheLimit() {
    var limited = new ShortMessages(false, 2);
    for (ByteBuffer in : buffers("8202aabb 8203aabbcc")) {
      assertThat(limited.next(in)).isEqualTo(Opcode.BINARY);
      assertThat(limited.takeBinary(in)).hasSize(2);
      assertThat(limited.next(in)).isNull();
    }
  }

  @Test
  @Rule("6455-8.1-1")
  void textThatIsNotUtf8FailsAndDoesNotHarmTheNext() {
    for (String bad : List.of("ff", "61c3", "c328", "eda080")) {
      int length = bad.length() / 2;
      for (ByteBuffer in : buffers("81%02x%s 8102c3a9".formatted(length, bad))) {
        assertThat(ofServer.next(in)).isEqualTo(Opcode.TEXT);
        assertThatExceptionOfType(ProtocolViolation.class)
            .isThrownBy(() -> ofServer.takeText(in))
            .satisfies(violation -> assertThat(violation.closeCode()).isEqualTo(1007));
        in.position(1 + 2 + length);
        assertThat(ofServer.next(in)).isEqualTo(Opcode.TEXT);
        assertThat(ofServer.takeText(in)).isEqualTo("é");
      }
    }
  }
}
