package dev.weir.cli;

import picocli.CommandLine.Option;

/** What both commands say on standard error. Not thread-safe. */
final class OutputOptions {
  @Option(
      names = {"-v", "--verbose"},
      description = {
        "Show handshakes and frames on standard error: > for what this side sends, < for what it"
            + " receives. The values of Authorization and Cookie headers are not shown."
      })
  boolean verbose;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing on standard error unless something fails.")
  boolean quiet;
}
