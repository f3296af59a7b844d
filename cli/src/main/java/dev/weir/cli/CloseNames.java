package dev.weir.cli;

import dev.weir.protocol.close.CloseCode;

/** The names of close codes in the IANA registry. Stateless. */
final class CloseNames {
  private CloseNames() {}

  /** A code with its name: "1000 Normal Closure". */
  static String of(int code) {
    String name =
        switch (code) {
          case CloseCode.NORMAL -> "Normal Closure";
          case CloseCode.GOING_AWAY -> "Going Away";
          case CloseCode.PROTOCOL_ERROR -> "Protocol Error";
          case CloseCode.UNSUPPORTED_DATA -> "Unsupported Data";
          case CloseCode.NO_STATUS -> "No Status Rcvd";
          case CloseCode.ABNORMAL -> "Abnormal Closure";
          case CloseCode.INVALID_PAYLOAD -> "Invalid frame payload data";
          case CloseCode.POLICY_VIOLATION -> "Policy Violation";
          case CloseCode.MESSAGE_TOO_BIG -> "Message Too Big";
          case CloseCode.MANDATORY_EXTENSION -> "Mandatory Extension";
          case CloseCode.INTERNAL_ERROR -> "Internal Error";
          case CloseCode.SERVICE_RESTART -> "Service Restart";
          case CloseCode.TRY_AGAIN_LATER -> "Try Again Later";
          case CloseCode.BAD_GATEWAY -> "Bad Gateway";
          case CloseCode.TLS_HANDSHAKE -> "TLS handshake";
          default -> code >= 4000 ? "private use" : code >= 3000 ? "registered use" : "unassigned";
        };
    return code + " " + name;
  }
}
