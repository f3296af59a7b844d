package dev.weir.protocol.connection;

/** Which end of the connection this is: a client masks what it sends, a server must not. */
public enum Role {
  CLIENT,
  SERVER
}
