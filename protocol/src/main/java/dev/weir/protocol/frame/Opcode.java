package dev.weir.protocol.frame;

import org.jspecify.annotations.Nullable;

/** The kinds of frames that RFC 6455 §5.2 defines; all others are reserved. */
public enum Opcode {
  CONTINUATION(0x0),
  TEXT(0x1),
  BINARY(0x2),
  CLOSE(0x8),
  PING(0x9),
  PONG(0xa);

  private static final @Nullable Opcode[] BY_CODE = new @Nullable Opcode[16];

  static {
    for (Opcode opcode : values()) {
      BY_CODE[opcode.code] = opcode;
    }
  }

  private final int code;

  Opcode(int code) {
    this.code = code;
  }

  /** The opcode of these four bits, or null for a reserved one. */
  public static @Nullable Opcode of(int bits) {
    return BY_CODE[bits & 0xf];
  }

  /** The four bits on the wire. */
  public int code() {
    return code;
  }

  /** Whether this is a control frame, which may come between the fragments of a message (§5.5). */
  public boolean isControl() {
    return code >= 0x8;
  }
}
