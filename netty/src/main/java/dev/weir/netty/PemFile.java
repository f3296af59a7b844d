package dev.weir.netty;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of certificates and keys in PEM (RFC 7468), whose complaints say what to do. Immutable and
 * thread-safe.
 */
final class PemFile {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PKCS_8 = "PRIVATE KEY";
  private static final List<String> KEY_ALGORITHMS =
      List.of("RSA", "EC", "EdDSA", "RSASSA-PSS", "DSA");

  private final Path file;
  private final List<Block> blocks;

  private record Block(String label, String base64) {}

  private PemFile(Path file, List<Block> blocks) {
    this.file = file;
    this.blocks = blocks;
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if it can not be read
   */
  static PemFile read(Path file) {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(content(file));
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return new PemFile(file, blocks);
  }

  private static String content(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("there is no file " + file, e);
    } catch (AccessDeniedException e) {
      throw new IllegalArgumentException("no permission to read " + file, e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " can not be read: " + e.getMessage(), e);
    }
  }

  /**
   * All certificates of the file, in order.
   *
   * @throws IllegalArgumentException if there is none, or one can not be read
   */
  X509Certificate[] certificates() {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks) {
      if (block.label.equals(CERTIFICATE)) {
        try {
          certificates.add(
              (X509Certificate)
                  CertificateFactory.getInstance("X.509")
                      .generateCertificate(new ByteArrayInputStream(decoded(block))));
        } catch (CertificateException e) {
          throw new IllegalArgumentException(
              "a certificate in " + file + " can not be read: " + e.getMessage(), e);
        }
      }
    }
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException(
          "expected a certificate in PEM (BEGIN CERTIFICATE) in " + file + " but " + found());
    }
    return certificates.toArray(X509Certificate[]::new);
  }

  /**
   * The first private key of the file.
   *
   * @throws IllegalArgumentException if there is none in PKCS #8 and without a password, or it can
   *     not be read
   */
  PrivateKey privateKey() {
    for (Block block : blocks) {
      switch (block.label) {
        case PKCS_8 -> {
          return pkcs8(decoded(block));
        }
        case "RSA PRIVATE KEY" -> throw inNeedOf("PKCS #1", "converts it", "-topk8 -nocrypt ");
        case "EC PRIVATE KEY" -> throw inNeedOf("SEC 1", "converts it", "-topk8 -nocrypt ");
        case "ENCRYPTED PRIVATE KEY" ->
            throw inNeedOf("an encrypted one", "asks for its password", "");
        default -> {}
      }
    }
    throw new IllegalArgumentException(
        "expected a private key in PEM (BEGIN PRIVATE KEY) in " + file + " but " + found());
  }

  private IllegalArgumentException inNeedOf(String found, String does, String options) {
    return new IllegalArgumentException(
        "expected an unencrypted private key in PKCS #8 in "
            + file
            + " but was "
            + found
            + "; this "
            + does
            + ": openssl pkcs8 "
            + options
            + "-in "
            + file
            + " -out key.pem");
  }

  private String found() {
    return blocks.isEmpty()
        ? "there is no PEM in it"
        : "found " + String.join(", ", blocks.stream().map(Block::label).distinct().toList());
  }

  private PrivateKey pkcs8(byte[] encoded) {
    GeneralSecurityException last = null;
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (GeneralSecurityException e) {
        last = e;
      }
    }
    throw new IllegalArgumentException(
        "the private key in " + file + " can not be read: it is none of " + KEY_ALGORITHMS, last);
  }

  private byte[] decoded(Block block) {
    try {
      return Base64.getMimeDecoder().decode(block.base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the " + block.label + " in " + file + " is no base64: " + e.getMessage(), e);
    }
  }

  /**
   * Checks that a key is that of a certificate: a server with another's fails each handshake, long
   * after its start.
   *
   * @throws IllegalArgumentException if it is not
   */
  static void checkPair(X509Certificate certificate, Path chain, PrivateKey key, Path keyFile) {
    PublicKey known = certificate.getPublicKey();
    String signing = signing(key.getAlgorithm());
    boolean fits = key.getAlgorithm().equals(known.getAlgorithm());
    if (fits && signing != null) {
      try {
        byte[] message = "weir".getBytes(StandardCharsets.US_ASCII);
        Signature signature = Signature.getInstance(signing);
        signature.initSign(key);
        signature.update(message);
        byte[] signed = signature.sign();
        signature.initVerify(known);
        signature.update(message);
        fits = signature.verify(signed);
      } catch (GeneralSecurityException e) {
        fits = false;
      }
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "expected the private key of the first certificate in "
              + chain
              + " but the one in "
              + keyFile
              + " belongs to another");
    }
  }

  private static @Nullable String signing(String algorithm) {
    return switch (algorithm) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      case "EdDSA" -> "EdDSA";
      case "DSA" -> "SHA256withDSA";
      default -> null;
    };
  }
}
