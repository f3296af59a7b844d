package dev.weir.protocol.close;

import java.io.IOException;

/**
 * Why a connection ended without a clean closing handshake, where no other exception tells it.
 * Immutable.
 */
public final class AbnormalClosure extends IOException {
  private static final long serialVersionUID = 1L;

  AbnormalClosure(String message) {
    super(message);
  }
}
