package dev.weir.protocol.connection;

/**
 * Where a client's masking keys come from: a cryptographically strong source, fresh for each frame
 * (RFC 6455 §10.3, K6). Not thread-safe: called on whatever thread drives the connection.
 */
@FunctionalInterface
public interface MaskSource {
  /** The next masking key: any 32 bits, unpredictable. */
  int nextMask();
}
