package dev.weir.interop;

import java.util.Arrays;

/** What a peer's client saw. Immutable. */
sealed interface PeerEvent {
  /** A whole text message. */
  record Text(String text) implements PeerEvent {}

  /** A whole binary message. */
  record Binary(byte[] bytes) implements PeerEvent {
    @Override
    public boolean equals(Object other) {
      return other instanceof Binary binary && Arrays.equals(bytes, binary.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Binary[" + bytes.length + " bytes]";
    }
  }

  /** The closing handshake, with what the other side's Close said; 1005 if it said nothing. */
  record Closed(int code, String reason) implements PeerEvent {}

  /** Any other end. */
  record Failed(Throwable cause) implements PeerEvent {}
}
