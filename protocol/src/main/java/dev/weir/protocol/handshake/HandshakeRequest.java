package dev.weir.protocol.handshake;

/**
 * The request that opens a WebSocket, for a transport to send as it is. Immutable and thread-safe.
 *
 * @param method "GET"
 * @param target path and query, beginning with "/"
 * @param headers all header fields, Host first
 */
public record HandshakeRequest(String method, String target, Headers headers) {}
