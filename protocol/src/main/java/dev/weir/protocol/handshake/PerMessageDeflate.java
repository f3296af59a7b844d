package dev.weir.protocol.handshake;

import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.protocol.deflate.DeflateTerms;
import dev.weir.protocol.handshake.Extension.Parameter;
import dev.weir.protocol.handshake.HandshakeException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The negotiation of permessage-deflate (RFC 7692 §5 and §7.1). Only pure functions; thread-safe.
 */
public final class PerMessageDeflate {
  /** The extension's name. */
  public static final String NAME = "permessage-deflate";

  private static final String SERVER_NO_TAKEOVER = "server_no_context_takeover";
  private static final String CLIENT_NO_TAKEOVER = "client_no_context_takeover";
  private static final String SERVER_WINDOW = "server_max_window_bits";
  private static final String CLIENT_WINDOW = "client_max_window_bits";

  private static final int LEAST_BITS = DeflateTerms.LEAST_BITS;
  private static final int MOST_BITS = DeflateTerms.MOST_BITS;

  private PerMessageDeflate() {}

  // The client.

  /**
   * What a client offers: with the defaults what browsers do, {@code permessage-deflate;
   * client_max_window_bits}.
   */
  public static Extension offer(CompressionOptions options) {
    List<Parameter> parameters = new ArrayList<>();
    if (!options.receiveTakeover()) {
      parameters.add(Parameter.of(SERVER_NO_TAKEOVER));
    }
    if (!options.sendTakeover()) {
      parameters.add(Parameter.of(CLIENT_NO_TAKEOVER));
    }
    if (options.receiveWindowBits() < MOST_BITS) {
      parameters.add(window(SERVER_WINDOW, options.receiveWindowBits()));
    }
    parameters.add(
        options.sendWindowBits() < MOST_BITS
            ? window(CLIENT_WINDOW, options.sendWindowBits())
            : Parameter.of(CLIENT_WINDOW));
    return new Extension(NAME, parameters);
  }

  /**
   * Checks that a response answers one of the offers.
   *
   * @param offers the client's own, of any name
   * @param response of this extension
   * @throws HandshakeException of kind EXTENSION if it answers none of them
   */
  static void check(List<Extension> offers, Extension response) {
    Settings answered = Settings.read(response, false);
    HandshakeException mismatch = null;
    for (Extension offer : offers) {
      if (offer.name().equals(NAME)) {
        String fault = faultOf(Settings.read(offer, true), answered);
        if (fault == null) {
          return;
        }
        mismatch = new HandshakeException(Kind.EXTENSION, fault);
      }
    }
    throw mismatch != null
        ? mismatch
        : new HandshakeException(Kind.EXTENSION, "expected no " + NAME + " but was accepted");
  }

  private static @Nullable String faultOf(Settings offer, Settings response) {
    if (offer.serverNoTakeover && !response.serverNoTakeover) {
      return "expected " + SERVER_NO_TAKEOVER + ", which was asked for, but was none";
    }
    if (offer.serverWindow != null
        && (response.serverWindow == null || response.serverWindow > offer.serverWindow)) {
      return expectedWindow(SERVER_WINDOW, LEAST_BITS, offer.serverWindow, response.serverWindow);
    }
    if (response.clientWindow == null) {
      return null;
    }
    if (!offer.clientWindowGiven) {
      return "expected no " + CLIENT_WINDOW + ", which was not offered, but was one";
    }
    int most = offer.clientWindow == null ? MOST_BITS : offer.clientWindow;
    // §7.1: a response that this side can not comply with fails the connection.
    if (response.clientWindow > most
        || response.clientWindow < CompressionOptions.LEAST_WINDOW_BITS) {
      return expectedWindow(
          CLIENT_WINDOW, CompressionOptions.LEAST_WINDOW_BITS, most, response.clientWindow);
    }
    return null;
  }

  private static String expectedWindow(String name, int least, int most, @Nullable Integer was) {
    return "expected "
        + name
        + " from "
        + least
        + " to "
        + most
        + " but was "
        + (was == null ? "none" : was);
  }

  // The server.

  /**
   * What a server answers: a response to the first offer that it can comply with (§5.1).
   *
   * @param offers as the client sent them, of any name; one that breaks a rule, or asks for a
   *     window of 8, is declined
   * @return empty if there is none to accept, or compression is switched off
   */
  public static Optional<Extension> accept(List<Extension> offers, CompressionOptions options) {
    if (!options.enabled()) {
      return Optional.empty();
    }
    for (Extension extension : offers) {
      if (!extension.name().equals(NAME)) {
        continue;
      }
      Settings offer;
      try {
        offer = Settings.read(extension, true);
      } catch (HandshakeException e) {
        // §7.1: an offer that breaks a rule is declined; the next may be better.
        continue;
      }
      if (offer.serverWindow == null
          || offer.serverWindow >= CompressionOptions.LEAST_WINDOW_BITS) {
        return Optional.of(response(offer, options));
      }
    }
    return Optional.empty();
  }

  private static Extension response(Settings offer, CompressionOptions options) {
    List<Parameter> parameters = new ArrayList<>();
    if (offer.serverNoTakeover || !options.sendTakeover()) {
      parameters.add(Parameter.of(SERVER_NO_TAKEOVER));
    }
    if (offer.clientNoTakeover || !options.receiveTakeover()) {
      parameters.add(Parameter.of(CLIENT_NO_TAKEOVER));
    }
    int serverBits =
        Math.min(
            options.sendWindowBits(), offer.serverWindow == null ? MOST_BITS : offer.serverWindow);
    if (offer.serverWindow != null || serverBits < MOST_BITS) {
      parameters.add(window(SERVER_WINDOW, serverBits));
    }
    if (offer.clientWindowGiven) {
      int clientBits =
          Math.min(
              options.receiveWindowBits(),
              offer.clientWindow == null ? MOST_BITS : offer.clientWindow);
      // A client's own hint of 8 is left to it: zlib's compressors silently keep 9 then.
      if (clientBits < MOST_BITS && clientBits >= CompressionOptions.LEAST_WINDOW_BITS) {
        parameters.add(window(CLIENT_WINDOW, clientBits));
      }
    }
    return new Extension(NAME, parameters);
  }

  // Both.

  /** The terms that were agreed, if this extension is among them. */
  public static Optional<DeflateTerms> terms(Agreement agreement) {
    return agreement.extensions().stream()
        .filter(extension -> extension.name().equals(NAME))
        .findFirst()
        .map(response -> Settings.read(response, false).terms());
  }

  private static Parameter window(String name, int bits) {
    return Parameter.of(name, Integer.toString(bits));
  }

  /** The parameters of one offer or response; windows that are not given are null. */
  private static final class Settings {
    private boolean serverNoTakeover;
    private boolean clientNoTakeover;
    private @Nullable Integer serverWindow;
    private boolean clientWindowGiven;
    private @Nullable Integer clientWindow;

    /** Reads parameters by the rules of §7.1, which differ in one point between the two. */
    static Settings read(Extension extension, boolean isOffer) {
      Settings settings = new Settings();
      List<String> seen = new ArrayList<>();
      for (Parameter parameter : extension.parameters()) {
        if (seen.contains(parameter.name())) {
          throw fault("each parameter once", parameter.name() + " twice");
        }
        seen.add(parameter.name());
        settings.take(parameter, isOffer);
      }
      return settings;
    }

    private void take(Parameter parameter, boolean isOffer) {
      switch (parameter.name()) {
        case SERVER_NO_TAKEOVER -> {
          requireNoValue(parameter);
          serverNoTakeover = true;
        }
        case CLIENT_NO_TAKEOVER -> {
          requireNoValue(parameter);
          clientNoTakeover = true;
        }
        case SERVER_WINDOW -> serverWindow = bits(parameter);
        case CLIENT_WINDOW -> {
          clientWindowGiven = true;
          clientWindow = isOffer && parameter.value() == null ? null : bits(parameter);
        }
        default ->
            throw fault(
                "only parameters that are defined", HandshakeException.quoted(parameter.name()));
      }
    }

    private static void requireNoValue(Parameter parameter) {
      if (parameter.value() != null) {
        throw fault(
            "no value of " + parameter.name(), HandshakeException.quoted(parameter.value()));
      }
    }

    /** "a decimal integer value without leading zeroes between 8 to 15" (§7.1.2). */
    private static int bits(Parameter parameter) {
      String value = parameter.value();
      for (int bits = LEAST_BITS; bits <= MOST_BITS; bits++) {
        if (Integer.toString(bits).equals(value)) {
          return bits;
        }
      }
      throw fault(
          parameter.name() + " from " + LEAST_BITS + " to " + MOST_BITS,
          value == null ? "none" : HandshakeException.quoted(value));
    }

    private DeflateTerms terms() {
      return new DeflateTerms(
          !serverNoTakeover,
          !clientNoTakeover,
          serverWindow == null ? MOST_BITS : serverWindow,
          clientWindow == null ? MOST_BITS : clientWindow);
    }

    private static HandshakeException fault(String expected, String actual) {
      return new HandshakeException(
          Kind.EXTENSION, "expected " + expected + " in " + NAME + " but was " + actual);
    }
  }
}
