package dev.weir.websocket;

/**
 * With what a connection closed cleanly (S19). Immutable.
 *
 * @param closeCode the code that the peer sent, 1005 if its Close frame had no body
 * @param reason the reason that the peer sent, empty if none
 */
public record WebSocketCloseInfo(int closeCode, String reason) {}
