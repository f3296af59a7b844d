package dev.weir.websocket;

/** Which kinds of messages an endpoint takes. */
public enum MessageKinds {
  ANY,
  /** Text only: a binary message fails the connection with 1003. */
  TEXT,
  /** Binary only: a text message fails the connection with 1003. */
  BINARY
}
