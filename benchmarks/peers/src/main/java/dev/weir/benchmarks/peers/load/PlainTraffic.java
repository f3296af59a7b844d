package dev.weir.benchmarks.peers.load;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Messages that are all alike, made beforehand; of the answers only the size is checked. */
final class PlainTraffic implements Traffic {
  private final boolean framed;
  private final int size;
  private final int frameBytes;
  private final ByteBuffer out;
  private final FrameCounter counter;
  private long bytesLeft;
  private long messages;

  /**
   * The traffic of one connection.
   *
   * @param framed whether the server speaks WebSocket, or sends plain bytes back
   * @param frames as many as may be in flight, which connections share
   */
  PlainTraffic(boolean framed, int size, ByteBuffer frames, int inFlight) {
    this.framed = framed;
    this.size = size;
    this.frameBytes = frames.limit() / inFlight;
    this.out = frames.duplicate();
    this.counter = new FrameCounter(size);
  }

  @Override
  public ByteBuffer next(int count) {
    return out.clear().limit(count * frameBytes);
  }

  @Override
  public int count(ByteBuffer in) throws IOException {
    int count = framed ? counter.count(in) : countBytes(in.remaining());
    if (counter.isClosed()) {
      throw new IOException("expected messages but the server closes");
    }
    messages += count;
    return count;
  }

  private int countBytes(int read) {
    bytesLeft += read;
    int count = (int) (bytesLeft / frameBytes);
    bytesLeft %= frameBytes;
    return count;
  }

  @Override
  public long payloadBytes() {
    return messages * size;
  }
}
