package dev.weir.websocket.spi;

/**
 * Marks the threads of event loops: calls that block refuse them, also where it is not known yet
 * which loop they would wait for. A transport's own threads implement it. Stateless.
 */
public interface EventLoopThread {}
