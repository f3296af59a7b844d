package dev.weir.websocket.spi;

import dev.weir.websocket.opening.TlsOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a server transport. Immutable. All durations are positive.
 *
 * @param address where to listen; port 0 lets the system choose
 * @param tls certificate and key, or null to serve without TLS
 * @param handshakeTimeout from accepting the TCP connection to the answer of the opening handshake,
 *     TLS included
 * @param maxRequestLineBytes beyond which a request is refused with 414
 * @param maxRequestHeaderBytes of all header fields, beyond which a request is refused with 431
 * @param maxConnections open connections, those in their handshake included, beyond which new ones
 *     are refused with 503
 * @param sendLowMark unsent bytes at which a full channel becomes writable again
 * @param sendHighMark unsent bytes above which a channel stops being writable
 */
public record ServerTransportOptions(
    InetSocketAddress address,
    @Nullable TlsOptions tls,
    Duration handshakeTimeout,
    int maxRequestLineBytes,
    int maxRequestHeaderBytes,
    int maxConnections,
    int sendLowMark,
    int sendHighMark) {}
