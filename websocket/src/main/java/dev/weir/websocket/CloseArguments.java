package dev.weir.websocket;

import dev.weir.protocol.close.CloseCode;
import dev.weir.protocol.close.CloseStatus;
import dev.weir.streams.InvalidAccessError;
import dev.weir.streams.SyntaxError;
import org.jspecify.annotations.Nullable;

/** The checks on what an application passes to {@code close} (C1, C3, S15, S16). Stateless. */
final class CloseArguments {
  private CloseArguments() {}

  /** The Close frame for the platform's {@code close({closeCode, reason})}. */
  static CloseStatus ofPlatform(@Nullable Integer code, String reason) {
    if (code != null) {
      checkPlatformCode(code);
    }
    checkedReason(reason);
    if (code == null) {
      return reason.isEmpty() ? CloseStatus.NONE : new CloseStatus(CloseCode.NORMAL, reason);
    }
    return new CloseStatus(code, reason);
  }

  /** The Close frame for a server application's close, which may use a server's codes too. */
  static CloseStatus ofServer(int code, String reason) {
    if (!CloseCode.isForServerApplications(code)) {
      throw new InvalidAccessError(
          "expected a close code of 1000, 1001, 1003, 1007–1009, 1011–1014 or 3000–4999 but was "
              + code);
    }
    return new CloseStatus(code, checkedReason(reason));
  }

  static void checkPlatformCode(int code) {
    if (!CloseCode.isForApplications(code)) {
      throw new InvalidAccessError("expected a close code of 1000 or 3000–4999 but was " + code);
    }
  }

  static String checkedReason(String reason) {
    int bytes = CloseStatus.reasonBytes(reason);
    if (bytes > CloseStatus.MAX_REASON_BYTES) {
      throw new SyntaxError(
          "reason is " + bytes + " bytes of UTF-8, the limit is " + CloseStatus.MAX_REASON_BYTES);
    }
    return reason;
  }
}
