package dev.weir.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for localhost and 127.0.0.1, made when the tests run, as a key store, PEM files and
 * SSL contexts. Immutable.
 */
final class TestCertificate {
  private static final String ALIAS = "localhost";
  private static final char[] PASSWORD = "interop".toCharArray();

  private final KeyStore keyStore;
  private final Path certificatePem;
  private final Path keyPem;

  private TestCertificate(KeyStore keyStore, Path certificatePem, Path keyPem) {
    this.keyStore = keyStore;
    this.certificatePem = certificatePem;
    this.keyPem = keyPem;
  }

  /** Makes one, with its files in the folder. */
  static TestCertificate in(Path folder) throws IOException, GeneralSecurityException {
    return in(folder, "dns:localhost,ip:127.0.0.1");
  }

  /** Makes one for other names, written as keytool wants them. */
  static TestCertificate in(Path folder, String names)
      throws IOException, GeneralSecurityException {
    Path store = folder.resolve("localhost.p12");
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD),
                "-alias",
                ALIAS,
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=" + names,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2")
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = keytool.onExit().join().exitValue();
    if (status != 0) {
      throw new IOException("keytool ended with " + status + ": " + output);
    }
    KeyStore keyStore = KeyStore.getInstance(store.toFile(), PASSWORD);
    return new TestCertificate(
        keyStore,
        pem(folder.resolve("cert.pem"), "CERTIFICATE", keyStore.getCertificate(ALIAS).getEncoded()),
        pem(
            folder.resolve("key.pem"),
            "PRIVATE KEY",
            keyStore.getKey(ALIAS, PASSWORD).getEncoded()));
  }

  Path certificatePem() {
    return certificatePem;
  }

  Path keyPem() {
    return keyPem;
  }

  /** For a server that shows this certificate. */
  SSLContext serverContext() throws GeneralSecurityException {
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(keyStore, PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** For a client that trusts this certificate and no other. */
  SSLContext clientContext() throws GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust().getTrustManagers(), null);
    return context;
  }

  /** Trusts this certificate and no other. */
  TrustManagerFactory trust() throws GeneralSecurityException {
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(ALIAS, keyStore.getCertificate(ALIAS));
      trust.init(trusted);
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
    return trust;
  }

  private static Path pem(Path file, String type, byte[] der) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, base64, type));
  }
}
