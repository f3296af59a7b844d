package dev.weir.websocket;

/**
 * What can be a member of a {@link Topic}: a connection, in whichever style it is served.
 * Thread-safe.
 */
public sealed interface Subscriber permits WebSocket, WebSocketConnection {}
