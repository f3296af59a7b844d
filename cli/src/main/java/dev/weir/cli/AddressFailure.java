package dev.weir.cli;

import java.io.IOException;

/** A server could not listen. Immutable. */
final class AddressFailure extends IOException {
  private static final long serialVersionUID = 1L;

  AddressFailure(String host, int port, IOException cause) {
    super("can not listen on " + host + " port " + port + ": " + cause.getMessage(), cause);
  }
}
