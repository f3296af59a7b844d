package dev.weir.protocol.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads sent frames for tests, by other code than the code under test. Thread-safe. */
final class FrameText {
  private FrameText() {}

  /**
   * One line for each frame: the opcode's name, "!" if it is final, the unmasked payload in hex.
   * Fails where a frame is cut off, or not masked as the role asks for.
   */
  static List<String> read(byte[] sent, Role sender) {
    List<String> frames = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(sent);
    while (in.hasRemaining()) {
      int first = in.get();
      int second = in.get();
      assertThat(first & 0x70).as("reserved bits").isZero();
      assertThat((second & 0x80) != 0).as("masked").isEqualTo(sender == Role.CLIENT);
      int length = second & 0x7f;
      if (length == 126) {
        length = Short.toUnsignedInt(in.getShort());
      } else if (length == 127) {
        length = Math.toIntExact(in.getLong());
      }
      byte[] mask = new byte[4];
      if (sender == Role.CLIENT) {
        in.get(mask);
      }
      byte[] payload = new byte[length];
      in.get(payload);
      for (int i = 0; i < length; i++) {
        payload[i] ^= mask[i % 4];
      }
      frames.add(
          name(first & 0xf)
              + ((first & 0x80) != 0 ? "! " : " ")
              + DrivenConnection.HEX.formatHex(payload));
    }
    return frames;
  }

  private static String name(int opcode) {
    return switch (opcode) {
      case 0 -> "CONTINUATION";
      case 1 -> "TEXT";
      case 2 -> "BINARY";
      case 8 -> "CLOSE";
      case 9 -> "PING";
      case 10 -> "PONG";
      default -> throw new AssertionError("reserved opcode " + opcode);
    };
  }
}
