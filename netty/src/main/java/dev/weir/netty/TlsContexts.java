package dev.weir.netty;

import dev.weir.websocket.opening.TlsOptions;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** Turns {@link TlsOptions} into TLS of the JDK. Immutable and thread-safe. */
final class TlsContexts {
  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
  private static final String HTTP_1_1 = "http/1.1";

  private final SSLContext context;
  private final boolean verifyHost;
  private final boolean needClientCertificate;

  private TlsContexts(SSLContext context, boolean verifyHost, boolean needClientCertificate) {
    this.context = context;
    this.verifyHost = verifyHost;
    this.needClientCertificate = needClientCertificate;
  }

  /**
   * What a client uses.
   *
   * @throws IllegalArgumentException if a file can not be read or does not hold what it should
   */
  static TlsContexts client(TlsOptions options) {
    boolean verifyHost = !options.isTrustingAnyone();
    SSLContext given = options.sslContext();
    if (given != null) {
      return new TlsContexts(given, verifyHost, false);
    }
    SslContextBuilder builder = SslContextBuilder.forClient();
    Path chain = options.certificateChain();
    Path key = options.privateKey();
    if (chain != null && key != null) {
      X509Certificate[] certificates = PemFile.read(chain).certificates();
      builder.keyManager(keyOf(certificates[0], chain, key), certificates);
    }
    trust(builder, options);
    return new TlsContexts(build(builder), verifyHost, false);
  }

  /**
   * What a server uses. With trusted certificates of its own it asks each client for a certificate
   * and refuses those without.
   *
   * @throws IllegalArgumentException if there is no certificate, or a file can not be read or does
   *     not hold what it should
   */
  static TlsContexts server(TlsOptions options) {
    SSLContext given = options.sslContext();
    if (given != null) {
      return new TlsContexts(given, false, false);
    }
    boolean needClientCertificate = options.trustedCertificates() != null;
    Path chain = options.certificateChain();
    Path key = options.privateKey();
    SslContextBuilder builder;
    if (options.isSelfSigned()) {
      SelfSignedCertificate made = SelfSignedCertificate.make();
      builder = SslContextBuilder.forServer(made.privateKey(), made.certificate());
    } else if (chain == null || key == null) {
      throw new IllegalArgumentException(
          "expected a certificate and its private key for the server but there is none");
    } else {
      X509Certificate[] certificates = PemFile.read(chain).certificates();
      builder = SslContextBuilder.forServer(keyOf(certificates[0], chain, key), certificates);
    }
    trust(builder, options);
    return new TlsContexts(build(builder), false, needClientCertificate);
  }

  private static void trust(SslContextBuilder builder, TlsOptions options) {
    Path trusted = options.trustedCertificates();
    if (options.isTrustingAnyone()) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else if (trusted != null) {
      builder.trustManager(PemFile.read(trusted).certificates());
    }
  }

  private static SSLContext build(SslContextBuilder builder) {
    try {
      return ((JdkSslContext) builder.sslProvider(SslProvider.JDK).build()).context();
    } catch (SSLException e) {
      throw new IllegalArgumentException("TLS can not be set up: " + e.getMessage(), e);
    }
  }

  private static PrivateKey keyOf(X509Certificate certificate, Path chain, Path keyFile) {
    PrivateKey key = PemFile.read(keyFile).privateKey();
    PemFile.checkPair(certificate, chain, key, keyFile);
    return key;
  }

  /**
   * An engine for one connection to a server.
   *
   * @param host name or address, an IPv6 address without brackets: sent as SNI where it is a name,
   *     and compared with the certificate
   */
  SSLEngine clientEngine(String host, int port) {
    SSLEngine engine = context.createSSLEngine(host, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = parameters(engine);
    parameters.setEndpointIdentificationAlgorithm(verifyHost ? "HTTPS" : null);
    // By itself the JDK names only servers whose name has a dot (RFC 6455 §4.1).
    if (!NetUtil.isValidIpV4Address(host) && !NetUtil.isValidIpV6Address(host)) {
      parameters.setServerNames(List.of(new SNIHostName(host.getBytes(StandardCharsets.US_ASCII))));
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** An engine for one accepted connection. */
  SSLEngine serverEngine() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = parameters(engine);
    if (needClientCertificate) {
      parameters.setNeedClientAuth(true);
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  private static SSLParameters parameters(SSLEngine engine) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {HTTP_1_1});
    List<String> supported = Arrays.asList(engine.getSupportedProtocols());
    parameters.setProtocols(PROTOCOLS.stream().filter(supported::contains).toArray(String[]::new));
    return parameters;
  }

  /** The host as an engine wants it: without brackets and without the final dot. */
  static String peerName(String host) {
    String name =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
