package dev.weir.protocol.connection;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Makes what a peer may send, right and wrong, from a seed. Not thread-safe. */
final class Sessions {
  private final Random random;
  private final Role receiver;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Sessions(Random random, Role receiver) {
    this.random = random;
    this.receiver = receiver;
  }

  /** A session that keeps every rule, with a Close at its end or without. */
  byte[] valid() {
    for (int i = random.nextInt(8); i > 0; i--) {
      message();
    }
    if (random.nextBoolean()) {
      byte[] body =
          random.nextBoolean()
              ? new byte[0]
              : ByteBuffer.allocate(4)
                  .putShort((short) 4000)
                  .put((byte) 'o')
                  .put((byte) 'k')
                  .array();
      frame(0x88, body);
      if (random.nextInt(4) == 0) {
        message();
      }
    }
    byte[] session = out.toByteArray();
    out.reset();
    return session;
  }

  /** A valid session in which some bytes were changed, inserted or cut off. */
  byte[] mutated() {
    byte[] session = valid();
    for (int i = 1 + random.nextInt(3); i > 0 && session.length > 0; i--) {
      int at = random.nextInt(session.length);
      switch (random.nextInt(4)) {
        case 0 -> session[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> session[at] = (byte) random.nextInt(256);
        case 2 -> session = java.util.Arrays.copyOf(session, at);
        default -> {
          byte[] longer = new byte[session.length + 1];
          System.arraycopy(session, 0, longer, 0, at);
          longer[at] = (byte) random.nextInt(256);
          System.arraycopy(session, at, longer, at + 1, session.length - at);
          session = longer;
        }
      }
    }
    return session;
  }

  /** Bytes without any sense, with a first byte that is often a good one. */
  byte[] noise() {
    byte[] noise = new byte[random.nextInt(200)];
    random.nextBytes(noise);
    if (noise.length > 1 && random.nextBoolean()) {
      noise[0] = (byte) (0x80 | random.nextInt(3));
      noise[1] &= (byte) (receiver == Role.SERVER ? 0xff : 0x7f);
    }
    return noise;
  }

  private void message() {
    boolean text = random.nextBoolean();
    byte[] payload = text ? text() : binary();
    int opcode = text ? 1 : 2;
    int from = 0;
    while (random.nextInt(3) == 0) {
      int to = from + random.nextInt(payload.length - from + 1);
      frame(opcode, java.util.Arrays.copyOfRange(payload, from, to));
      control();
      from = to;
      opcode = 0;
    }
    frame(0x80 | opcode, java.util.Arrays.copyOfRange(payload, from, payload.length));
    control();
  }

  private void control() {
    if (random.nextInt(3) == 0) {
      byte[] payload = new byte[random.nextInt(10) == 0 ? 125 : random.nextInt(6)];
      random.nextBytes(payload);
      frame(random.nextBoolean() ? 0x89 : 0x8a, payload);
    }
  }

  private byte[] text() {
    String[] parts = {"a", "plain ascii text", "é", "€", "😀", "\0", ""};
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(parts[random.nextInt(parts.length)]);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private byte[] binary() {
    byte[] payload = new byte[random.nextInt(20) == 0 ? random.nextInt(1000) : random.nextInt(40)];
    random.nextBytes(payload);
    return payload;
  }

  private void frame(int firstByte, byte[] payload) {
    byte[] frame = DrivenConnection.frameFromPeer(receiver, firstByte, payload);
    if (receiver == Role.SERVER) {
      byte[] mask = new byte[4];
      random.nextBytes(mask);
      int start = frame.length - payload.length;
      System.arraycopy(mask, 0, frame, start - 4, 4);
      for (int i = 0; i < payload.length; i++) {
        frame[start + i] ^= mask[i % 4];
      }
    }
    out.writeBytes(frame);
  }
}
