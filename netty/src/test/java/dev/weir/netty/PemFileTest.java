package dev.weir.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.websocket.opening.TlsOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PemFileTest {
  @TempDir Path folder;

  private Path file(String name, String content) throws Exception {
    return Files.writeString(folder.resolve(name), content, StandardCharsets.ISO_8859_1);
  }

  private static String block(String label, byte[] bytes) {
    return "-----BEGIN %s-----\r\n%s\r\n-----END %s-----\r\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(bytes), label);
  }

  @Test
  void readsACertificateAndItsKeyFromOneFileWithWordsAround() throws Exception {
    String chain = Files.readString(TestCertificates.chain(folder));
    String key = Files.readString(TestCertificates.key(folder));
    Path both = file("both.pem", "Bag Attributes \u00e9\n" + key + "subject=CN\n" + chain + chain);
    PemFile read = PemFile.read(both);
    assertThat(read.certificates()).hasSize(2);
    assertThatCode(() -> PemFile.checkPair(read.certificates()[0], both, read.privateKey(), both))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void readsKeysOfEachKind(String algorithm) throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    Path file = file("key.pem", block("PRIVATE KEY", pair.getPrivate().getEncoded()));
    assertThat(PemFile.read(file).privateKey()).isEqualTo(pair.getPrivate());
  }

  @ParameterizedTest
  @CsvSource({
    "RSA PRIVATE KEY, PKCS #1, -topk8 -nocrypt -in",
    "EC PRIVATE KEY, SEC 1, -topk8 -nocrypt -in",
    "ENCRYPTED PRIVATE KEY, an encrypted one, pkcs8 -in",
  })
  void saysHowToConvertAKeyOfAnotherKind(String label, String kind, String command)
      throws Exception {
    Path file = file("key.pem", block("EC PARAMETERS", new byte[3]) + block(label, new byte[20]));
    assertThatThrownBy(() -> PemFile.read(file).privateKey())
        .hasMessageContaining("but was " + kind)
        .hasMessageContaining(command + " " + file);
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    Path none = folder.resolve("none.pem");
    assertThatThrownBy(() -> PemFile.read(none)).hasMessage("there is no file " + none);
    Path text = file("text.pem", "hello");
    assertThatThrownBy(() -> PemFile.read(text).certificates())
        .hasMessage(
            "expected a certificate in PEM (BEGIN CERTIFICATE) in "
                + text
                + " but there is no PEM in it");
    Path key = TestCertificates.key(folder);
    assertThatThrownBy(() -> PemFile.read(key).certificates())
        .hasMessageEndingWith("in " + key + " but found PRIVATE KEY");
    Path chain = TestCertificates.chain(folder);
    assertThatThrownBy(() -> PemFile.read(chain).privateKey())
        .hasMessageEndingWith("in " + chain + " but found CERTIFICATE");
    Path broken = file("broken.pem", block("CERTIFICATE", new byte[20]));
    assertThatThrownBy(() -> PemFile.read(broken).certificates())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a certificate in " + broken + " can not be read");
    Path wrong = file("wrong.pem", block("PRIVATE KEY", new byte[20]));
    assertThatThrownBy(() -> PemFile.read(wrong).privateKey())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the private key in " + wrong + " can not be read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void refusesTheKeyOfAnotherCertificateAtTheStart(String algorithm) throws Exception {
    KeyPair other = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    Path chain = TestCertificates.chain(folder);
    Path foreign = file("foreign.pem", block("PRIVATE KEY", other.getPrivate().getEncoded()));
    TlsOptions options = TlsOptions.defaults().withCertificate(chain, foreign);
    String message =
        "expected the private key of the first certificate in "
            + chain
            + " but the one in "
            + foreign
            + " belongs to another";
    assertThatThrownBy(() -> TlsContexts.server(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> TlsContexts.client(options)).hasMessage(message);
  }
}
