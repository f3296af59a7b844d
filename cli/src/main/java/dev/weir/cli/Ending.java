package dev.weir.cli;

import dev.weir.protocol.close.CloseCode;
import dev.weir.protocol.close.ProtocolViolation;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.opening.HandshakeResponse;
import dev.weir.websocket.opening.OpeningFailure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a connection ended, or why there was none: for people, for programs, and as an exit status.
 * Immutable.
 *
 * @param opened whether there was a connection
 * @param cause why the end is not clean, or null
 */
record Ending(boolean opened, int code, String reason, boolean clean, @Nullable Throwable cause) {
  private static final int SHOWN_BODY_CHARS = 1024;

  static Ending clean(WebSocketCloseInfo info) {
    return new Ending(true, info.closeCode(), info.reason(), true, null);
  }

  static Ending unclean(WebSocketError error) {
    return of(true, error);
  }

  static Ending neverOpened(WebSocketError error) {
    return of(false, error);
  }

  private static Ending of(boolean opened, WebSocketError error) {
    Integer code = error.closeCode();
    return new Ending(
        opened,
        code == null ? CloseCode.ABNORMAL : code,
        error.reason(),
        false,
        error.getCause() == null ? error : error.getCause());
  }

  /**
   * The exit status.
   *
   * @param sentCode what this side's Close frame carried, or null if it sent none of its own accord
   */
  ExitCode exitCode(@Nullable Integer sentCode) {
    if (clean) {
      boolean expected =
          code == CloseCode.NORMAL
              || code == CloseCode.GOING_AWAY
              || code == CloseCode.NO_STATUS
              || (sentCode != null && sentCode == code);
      return expected ? ExitCode.CLEAN : ExitCode.CLOSED;
    }
    return switch (cause) {
      case OpeningFailure failure -> exitCode(failure);
      case ProtocolViolation violation -> ExitCode.PROTOCOL;
      case null, default -> ExitCode.ABNORMAL;
    };
  }

  private static ExitCode exitCode(OpeningFailure failure) {
    if (failure.isTimeout()) {
      return ExitCode.TIMEOUT;
    }
    return switch (failure.stage()) {
      case NAME_RESOLUTION -> ExitCode.DNS;
      case CONNECT -> ExitCode.TCP;
      case TLS -> ExitCode.TLS;
      case COOKIES, HANDSHAKE -> ExitCode.HANDSHAKE;
      case REFUSED -> ExitCode.REFUSED;
    };
  }

  private @Nullable HandshakeResponse response() {
    return cause instanceof OpeningFailure failure ? failure.response() : null;
  }

  /** What happened, in words for standard error; the peer's words are made safe. */
  List<String> lines() {
    var lines = new ArrayList<String>();
    if (opened) {
      lines.add(
          "closed: "
              + CloseNames.of(code)
              + (reason.isEmpty() ? "" : ", reason \"" + Shown.line(reason) + '"')
              + (clean ? ", clean" : ", not clean: " + messages()));
      return lines;
    }
    HandshakeResponse response = response();
    if (response == null || response.status() == 101) {
      lines.add("weir: no connection: " + messages());
    } else {
      lines.add("weir: the server refused the upgrade");
    }
    if (response != null) {
      lines.add("HTTP " + response.status() + ' ' + Shown.line(response.statusText()));
      response.headers().forEach(field -> lines.add(Shown.field(field)));
      String body = response.bodyText();
      if (!body.isEmpty()) {
        lines.add("");
        boolean cut = body.length() > SHOWN_BODY_CHARS;
        Shown.text(cut ? body.substring(0, SHOWN_BODY_CHARS) : body).lines().forEach(lines::add);
        if (cut || !response.bodyComplete()) {
          lines.add("… (the body goes on)");
        }
      }
    }
    return lines;
  }

  /** The cause's message and those behind it that say more. */
  private String messages() {
    var said = new StringBuilder();
    int depth = 0;
    for (Throwable next = cause; next != null && depth < 4; next = next.getCause(), depth++) {
      String message = next.getMessage();
      if (message == null) {
        message = next.getClass().getSimpleName();
      }
      if (said.indexOf(message) < 0) {
        said.append(said.isEmpty() ? "" : ": ").append(message);
      }
    }
    return Shown.line(said.toString());
  }

  Json asJson() {
    if (opened) {
      Json json = Json.event("close").put("code", code).put("reason", reason).put("clean", clean);
      return clean ? json : json.put("cause", messages());
    }
    Json json = Json.event("error").put("cause", messages());
    if (cause instanceof OpeningFailure failure) {
      json.put("stage", failure.stage().name().toLowerCase(java.util.Locale.ROOT));
      json.put("timeout", failure.isTimeout());
    }
    HandshakeResponse response = response();
    if (response != null) {
      var headers = new Json();
      response
          .headers()
          .names()
          .forEach(name -> headers.put(name, String.join(", ", response.headers().all(name))));
      json.put("status", response.status())
          .put("statusText", response.statusText())
          .put("headers", headers)
          .put("body", response.bodyText());
    }
    return json;
  }
}
