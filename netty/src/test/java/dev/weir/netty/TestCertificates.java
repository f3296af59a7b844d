package dev.weir.netty;

import dev.weir.websocket.opening.TlsOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** One self-signed certificate for localhost, made once per JVM, as files and as a context. */
final class TestCertificates {
  private static final SelfSignedCertificate MADE = SelfSignedCertificate.make();
  private static final Base64.Encoder ENCODER =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private TestCertificates() {}

  static Path chain(Path folder) throws Exception {
    return pem(folder.resolve("chain.pem"), "CERTIFICATE", MADE.certificate().getEncoded());
  }

  static Path key(Path folder) throws Exception {
    return pem(folder.resolve("key.pem"), "PRIVATE KEY", MADE.privateKey().getEncoded());
  }

  private static Path pem(Path file, String what, byte[] der) throws IOException {
    return Files.writeString(
        file,
        "-----BEGIN "
            + what
            + "-----\n"
            + ENCODER.encodeToString(der)
            + "\n-----END "
            + what
            + "-----\n");
  }

  /** A server's options with the certificate. */
  static TlsOptions server(Path folder) throws Exception {
    return TlsOptions.defaults().withCertificate(chain(folder), key(folder));
  }

  /** A client's options that trust the certificate. */
  static TlsOptions client(Path folder) throws Exception {
    return TlsOptions.defaults().withTrustedCertificates(chain(folder));
  }

  /** For the JDK's own sockets as a server. */
  static SSLContext serverContext() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    char[] password = "password".toCharArray();
    store.setKeyEntry(
        "weir",
        MADE.privateKey(),
        password,
        new java.security.cert.Certificate[] {MADE.certificate()});
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
