package dev.weir.cli;

import dev.weir.websocket.opening.TlsOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a client trusts and shows. Not thread-safe. */
final class ClientTlsOptions {
  @Option(
      names = {"-k", "--insecure"},
      description = "Trust any certificate for any host. It gives up what TLS is for.")
  private boolean insecure;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "Trust the certificates in this PEM file instead of the JDK's.")
  private @Nullable Path ca;

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description = "Show the certificate (chain) in this PEM file to a server that asks for one.")
  private @Nullable Path certificate;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = {
        "The private key of --cert: PEM, PKCS #8, unencrypted. Without it the key is looked for in"
            + " the file of --cert."
      })
  private @Nullable Path key;

  TlsOptions tls() {
    if (key != null && certificate == null) {
      throw new UsageException("--key needs --cert");
    }
    if (insecure && ca != null) {
      throw new UsageException("--insecure and --ca exclude each other");
    }
    TlsOptions tls = TlsOptions.defaults();
    if (ca != null) {
      tls = tls.withTrustedCertificates(ca);
    }
    if (certificate != null) {
      tls = tls.withCertificate(certificate, key == null ? certificate : key);
    }
    return insecure ? tls.trustingAnyone() : tls;
  }
}
