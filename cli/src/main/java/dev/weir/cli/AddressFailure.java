package dev.weir.cli;

import java.io.IOException;

/** A server could not listen. Immutable. */
final class AddressFailure extends IOException {
  private static final long serialVersionUID = 1L;

  AddressFailure(String host, int port, IOException cause) {
    super("can not listen on " + host + " port " + port + ": " + reason(cause), cause);
  }

  /** The transport's exception repeats the address; the one behind it says why. */
  private static String reason(IOException failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
