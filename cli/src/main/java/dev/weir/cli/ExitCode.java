package dev.weir.cli;

import java.util.Arrays;

/**
 * What the process says with its exit status. Where a status of the kind was in use by other
 * WebSocket tools, it is the same here. Immutable.
 */
enum ExitCode {
  CLEAN(0, "closed cleanly with 1000, 1001, no code, or the code that this side sent"),
  FAILED(1, "an error of weir itself, or nothing to run it with"),
  USAGE(2, "the command line is wrong"),
  PROTOCOL(3, "the peer broke the protocol"),
  ABNORMAL(4, "the connection ended without a clean close (1006)"),
  REFUSED(5, "the server answered with another status than 101"),
  HANDSHAKE(6, "the answer was no valid WebSocket handshake, or the connection broke before it"),
  CLOSED(7, "closed cleanly by the peer with another code"),
  TLS(8, "the TLS handshake failed"),
  TIMEOUT(9, "connecting or the opening handshake took too long"),
  LOCAL(10, "standard input or output, or a file of this machine, failed"),
  WRONG_ECHO(11, "weir bench: an echo was not what was sent, or came out of order"),
  UNSETTLED(13, "weir run: a module awaits at its top level what nothing can settle any more"),
  TCP(14, "no TCP connection could be made, or the address is in use"),
  DNS(20, "the host name could not be resolved"),
  OUT_OF_TIME(124, "weir run: the time of --timeout was over"),
  INTERRUPTED(130, "interrupted by Ctrl-C (SIGINT)"),
  TERMINATED(143, "ended by SIGTERM or SIGHUP");

  private final int status;
  private final String meaning;

  ExitCode(int status, String meaning) {
    this.status = status;
    this.meaning = meaning;
  }

  int status() {
    return status;
  }

  String meaning() {
    return meaning;
  }

  /** The lines of a help text's table, as picocli takes them. */
  static String[] table(ExitCode... codes) {
    return Arrays.stream(codes)
        .map(code -> code.status + ":" + code.meaning)
        .toArray(String[]::new);
  }
}
