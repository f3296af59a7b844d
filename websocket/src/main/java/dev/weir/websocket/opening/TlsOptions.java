package dev.weir.websocket.opening;

import java.nio.file.Path;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Which certificates a TLS connection shows and trusts. Immutable: each method returns a changed
 * copy.
 *
 * <p>PEM files are read when the client or server is built. An {@link SSLContext} takes the place
 * of all PEM files.
 */
public final class TlsOptions {
  private static final TlsOptions DEFAULTS = new TlsOptions(null, null, null, null, false, false);

  private final @Nullable SSLContext sslContext;
  private final @Nullable Path trustedCertificates;
  private final @Nullable Path certificateChain;
  private final @Nullable Path privateKey;
  private final boolean trustingAnyone;
  private final boolean selfSigned;

  private TlsOptions(
      @Nullable SSLContext sslContext,
      @Nullable Path trustedCertificates,
      @Nullable Path certificateChain,
      @Nullable Path privateKey,
      boolean trustingAnyone,
      boolean selfSigned) {
    this.sslContext = sslContext;
    this.trustedCertificates = trustedCertificates;
    this.certificateChain = certificateChain;
    this.privateKey = privateKey;
    this.trustingAnyone = trustingAnyone;
    this.selfSigned = selfSigned;
  }

  /** The JDK's own trust, no certificate of this side's own. */
  public static TlsOptions defaults() {
    return DEFAULTS;
  }

  /** A server certificate made up at start, for tests and local work: no one trusts it. */
  public static TlsOptions selfSigned() {
    return new TlsOptions(null, null, null, null, false, true);
  }

  /** Takes trust, certificates and keys from this context alone. */
  public TlsOptions withSslContext(SSLContext context) {
    return new TlsOptions(
        Objects.requireNonNull(context, "context"), null, null, null, false, false);
  }

  /** Trusts the certificates in this PEM file instead of the JDK's. */
  public TlsOptions withTrustedCertificates(Path pemFile) {
    return new TlsOptions(
        null,
        Objects.requireNonNull(pemFile, "pemFile"),
        certificateChain,
        privateKey,
        trustingAnyone,
        selfSigned);
  }

  /**
   * Shows this certificate: a server's own, or a client's where the server asks for one.
   *
   * @param chainPemFile the certificate and those between it and its root, in that order
   * @param keyPemFile its private key: PKCS #8, unencrypted
   */
  public TlsOptions withCertificate(Path chainPemFile, Path keyPemFile) {
    return new TlsOptions(
        null,
        trustedCertificates,
        Objects.requireNonNull(chainPemFile, "chainPemFile"),
        Objects.requireNonNull(keyPemFile, "keyPemFile"),
        trustingAnyone,
        false);
  }

  /** Trusts any certificate for any host. For tests and local work: it gives up what TLS is for. */
  public TlsOptions trustingAnyone() {
    return new TlsOptions(null, null, certificateChain, privateKey, true, selfSigned);
  }

  public @Nullable SSLContext sslContext() {
    return sslContext;
  }

  public @Nullable Path trustedCertificates() {
    return trustedCertificates;
  }

  public @Nullable Path certificateChain() {
    return certificateChain;
  }

  public @Nullable Path privateKey() {
    return privateKey;
  }

  public boolean isTrustingAnyone() {
    return trustingAnyone;
  }

  public boolean isSelfSigned() {
    return selfSigned;
  }
}
