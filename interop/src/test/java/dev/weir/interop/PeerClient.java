package dev.weir.interop;

import java.net.URI;
import java.util.List;

/** A client that somebody else wrote. Thread-safe. */
interface PeerClient extends AutoCloseable {
  /** Connects, waiting at most 20 s. Throws what the library throws if that fails. */
  PeerSession connect(URI url, List<String> protocols) throws Exception;

  @Override
  void close() throws Exception;
}
