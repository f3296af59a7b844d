package dev.weir.netty;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/**
 * A certificate for {@code localhost} that no one but its maker has signed, with its key. Immutable
 * and thread-safe.
 *
 * <p>The JDK can make one only by its {@code keytool}, which each Java runtime brings along; the
 * alternative is a library of ten megabytes for this alone.
 *
 * @param certificate for localhost, 127.0.0.1 and ::1, valid for 90 days
 */
record SelfSignedCertificate(PrivateKey privateKey, X509Certificate certificate) {
  private static final String ALIAS = "weir";
  private static final String PASSWORD_VARIABLE = "WEIR_STORE_PASSWORD";
  private static final int PASSWORD_BYTES = 16;
  private static final String VALID_DAYS = "90";
  private static final long TIMEOUT_SECONDS = 60;

  /**
   * Makes one. Blocks for about a second.
   *
   * @throws IllegalStateException if this Java runtime has no keytool, or it fails
   */
  static SelfSignedCertificate make() {
    try {
      Path folder = Files.createTempDirectory("weir-self-signed");
      Path store = folder.resolve("store.p12");
      try {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        generate(store, password);
        return read(store, password.toCharArray());
      } finally {
        Files.deleteIfExists(store);
        Files.delete(folder);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(
          "no self-signed certificate could be made: " + e.getMessage(), e);
    }
  }

  private static void generate(Path store, String password) throws IOException {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    ProcessBuilder builder =
        new ProcessBuilder(
            keytool.toString(),
            "-genkeypair",
            "-alias",
            ALIAS,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-sigalg",
            "SHA256withECDSA",
            "-validity",
            VALID_DAYS,
            "-dname",
            "CN=localhost",
            "-ext",
            "SAN=dns:localhost,ip:127.0.0.1,ip:0:0:0:0:0:0:0:1",
            "-keystore",
            store.toString(),
            "-storetype",
            "PKCS12",
            "-storepass:env",
            PASSWORD_VARIABLE);
    builder.environment().put(PASSWORD_VARIABLE, password);
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output;
    try (InputStream stream = process.getInputStream()) {
      output = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("keytool did not end within " + TIMEOUT_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    }
    if (process.exitValue() != 0) {
      throw new IOException("keytool failed: " + output.strip());
    }
  }

  private static SelfSignedCertificate read(Path store, char[] password)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream stream = Files.newInputStream(store)) {
      keys.load(stream, password);
    }
    if (keys.getKey(ALIAS, password) instanceof PrivateKey key
        && keys.getCertificate(ALIAS) instanceof X509Certificate certificate) {
      return new SelfSignedCertificate(key, certificate);
    }
    throw new GeneralSecurityException("keytool's store holds no key and certificate");
  }
}
