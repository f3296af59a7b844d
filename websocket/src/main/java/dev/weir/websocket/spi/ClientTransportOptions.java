package dev.weir.websocket.spi;

import dev.weir.websocket.opening.TlsOptions;
import java.time.Duration;

/**
 * The settings of a client transport. Immutable. All durations are positive.
 *
 * @param tls certificates, keys and trust for {@code wss}
 * @param connectTimeout for name resolution and TCP together, over all addresses tried
 * @param tlsTimeout for the TLS handshake
 * @param handshakeTimeout for the HTTP request and its answer
 * @param closeTimeout after which {@link ClientTransport#close} cuts what is still open
 * @param maxResponseHeaderBytes of the status line and all header fields, in bytes
 * @param maxRefusalBodyBytes how much of a refusal's body is kept, in bytes
 * @param oneOpeningPerAddress whether an opening handshake waits for another to the same address
 *     (K7, RFC 6455 §4.1)
 * @param sendLowMark unsent bytes at which a full channel becomes writable again
 * @param sendHighMark unsent bytes above which a channel stops being writable
 */
public record ClientTransportOptions(
    TlsOptions tls,
    Duration connectTimeout,
    Duration tlsTimeout,
    Duration handshakeTimeout,
    Duration closeTimeout,
    int maxResponseHeaderBytes,
    int maxRefusalBodyBytes,
    boolean oneOpeningPerAddress,
    int sendLowMark,
    int sendHighMark) {}
