package dev.weir.interop;

import java.net.URI;

/** A server that somebody else wrote, listening on a free port of 127.0.0.1. Thread-safe. */
interface PeerServer extends AutoCloseable {
  /** A ws or wss URL where every message is sent back. */
  URI echo();

  @Override
  void close();
}
