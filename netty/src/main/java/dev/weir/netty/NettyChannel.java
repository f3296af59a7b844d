package dev.weir.netty;

import dev.weir.websocket.spi.ChannelEvents;
import dev.weir.websocket.spi.EventLoop;
import dev.weir.websocket.spi.WebSocketChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * One TCP or TLS connection as raw bytes of a WebSocket: the last handler of its pipeline. Not
 * thread-safe: for its event loop alone, but the addresses and {@link #eventLoop}.
 *
 * <p>{@link ChannelEvents#writable}, {@link ChannelEvents#flushed} and {@link
 * ChannelEvents#inputEnding} always come in a task of their own, never from inside a call of the
 * owner, so that an owner that writes when it is told so can not recurse.
 */
final class NettyChannel extends ChannelInboundHandlerAdapter
    implements WebSocketChannel, SteadyEpoll.Watcher {
  /** Others of the loop get their turn after as much of one message. */
  private static final int MOST_IN_PLACE_BYTES = 2 * 1024 * 1024;

  private final SocketChannel channel;
  private final NettyEventLoop loop;
  private final @Nullable SslHandler ssl;

  // Output.
  private final int lowMark;
  private final int highMark;
  private final SendBuffer sendBuffer;

  /** What is written to past Netty, without its promise, queue and pipeline; or null. */
  private final @Nullable FileDescriptor socket;

  private long written;
  private boolean toFlush;
  private boolean flushOwed;
  private boolean full;
  private boolean outputEnding;
  private boolean outputEnded;

  // Input.
  /** What came before the start, or null. */
  private @Nullable Deque<ByteBuf> early;

  private boolean reading = true;
  private boolean watching;
  private boolean inBurst;
  private boolean inputShut;
  private boolean tlsClosed;
  private boolean endNoticed;

  // The owner and what it is still to be told.
  private @Nullable ChannelEvents events;
  private boolean delivering;
  private boolean cut;
  private boolean gone;
  private @Nullable Throwable failure;
  private boolean noticePending;
  private boolean drainDue;
  private boolean writableDue;
  private boolean flushedDue;
  private boolean endingDue;

  /**
   * A channel that holds back what it receives until it is started. Reading is off until then.
   *
   * @param ssl the TLS handler of the same pipeline, or null
   */
  NettyChannel(
      SocketChannel channel,
      NettyEventLoop loop,
      @Nullable SslHandler ssl,
      int lowMark,
      int highMark) {
    this.channel = channel;
    this.loop = loop;
    this.ssl = ssl;
    this.lowMark = lowMark;
    this.highMark = highMark;
    this.socket = ssl == null && channel instanceof EpollSocketChannel epoll ? epoll.fd() : null;
    this.sendBuffer = new SendBuffer(socket == null ? null : LoopBuffers.ofThread());
  }

  /** Adds this channel at the end of the pipeline, and a watch for the peer's end before TLS. */
  void install() {
    channel.config().setAutoRead(false);
    // A failed write says that the peer takes no more. What it sent before, perhaps its Close
    // frame, is still to be read (C6).
    setAutoClose();
    if (ssl != null) {
      channel.pipeline().addFirst(new EndWatch(this));
    }
    channel.pipeline().addLast(this);
  }

  @SuppressWarnings("deprecation") // There is no other way to keep the input after a failed write.
  private void setAutoClose() {
    channel.config().setOption(ChannelOption.AUTO_CLOSE, false);
  }

  @Override
  public EventLoop eventLoop() {
    return loop;
  }

  @Override
  public SocketAddress localAddress() {
    return channel.localAddress();
  }

  @Override
  public SocketAddress remoteAddress() {
    return channel.remoteAddress();
  }

  @Override
  public @Nullable SSLSession sslSession() {
    return ssl == null ? null : ssl.engine().getSession();
  }

  @Override
  public void start(ChannelEvents owner) {
    if (events != null) {
      throw new IllegalStateException("expected one start but was a second");
    }
    events = owner;
    loop.execute(this::beginDelivery);
  }

  private void beginDelivery() {
    delivering = true;
    ReceiveBuffers.shareLoopBuffer(channel.config());
    Deque<ByteBuf> first = early;
    if (first != null) {
      early = null;
      first.forEach(this::deliver);
      if (!cut) {
        owner().readComplete();
      }
    }
    if (inputShut && !cut) {
      owner().inputShut();
    }
    if (gone) {
      owner().closed(closeCause());
    } else {
      applyReading();
      tell();
    }
  }

  // Output.

  @Override
  public ByteBuffer reserve(int bytes) {
    if (gone) {
      return ByteBuffer.allocate(bytes);
    }
    if (sendBuffer.mustBeTakenFor(bytes) && !writeToSocket()) {
      write(true);
    }
    return sendBuffer.reserve(channel.alloc(), bytes, written > 0);
  }

  @Override
  public void commit(int bytes) {
    if (gone) {
      return;
    }
    sendBuffer.commit(bytes);
    if (!full && sendBuffer.bytes() + written > highMark && unsentBytes() > highMark) {
      full = true;
    }
  }

  /** What the socket takes at once of an array goes there past all buffers. */
  @Override
  public int commit(int bytes, byte[] behind, int offset, int length, boolean more) {
    commit(bytes);
    FileDescriptor direct = socket;
    if (direct == null || !isSocketNext()) {
      return 0;
    }
    ArrayCalls arrays = LoopBuffers.ofThread().arrays();
    if (arrays == null) {
      return 0;
    }
    int taken = 0;
    try {
      if (sendBuffer.writeAhead(arrays, direct.intValue())) {
        noLongerFull();
        int sent;
        do {
          int most = Math.min(length - taken, ArrayCalls.MOST_BYTES);
          boolean follows = more || taken + most < length;
          sent = arrays.send(direct.intValue(), behind, offset + taken, most, follows);
          taken += sent;
        } while (sent > 0 && taken < length);
      }
    } catch (IOException e) {
      // Netty, which gets what is left, fails too and tells it in its own time, but not why.
      noteFailure(e);
    }
    return taken;
  }

  @Override
  public boolean isWritable() {
    return !full;
  }

  @Override
  public long unsentBytes() {
    long unsent = sendBuffer.bytes() + written;
    if (ssl == null && written > 0 && !gone) {
      // With TLS the bytes under way are those of records, which do not compare.
      ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
      unsent -= outbound == null ? 0 : outbound.currentProgress();
    }
    return unsent;
  }

  @Override
  public boolean flush() {
    boolean done = drain();
    flushOwed = !done;
    return done;
  }

  /**
   * Writes what is committed, as far as it goes now; whether that is all. While what was written
   * before has not gone yet, the rest stays here, so that many small flushes fill one buffer.
   */
  private boolean drain() {
    if (sendBuffer.bytes() > 0 && !writeToSocket() && (written == 0 || toFlush)) {
      write(false);
    }
    if (toFlush) {
      toFlush = false;
      channel.flush();
    }
    return written == 0 && sendBuffer.bytes() == 0 && !outputEnded && !cut && !gone;
  }

  /**
   * Writes what is committed to the socket itself, unless something waits before it.
   *
   * @return whether nothing of it is left to be written
   */
  private boolean writeToSocket() {
    if (socket == null || !isSocketNext()) {
      return false;
    }
    try {
      if (!sendBuffer.writeTo(socket)) {
        return false;
      }
    } catch (IOException e) {
      // Netty, which gets what is left, meets the same failure and tells it in its own time.
      return false;
    }
    noLongerFull();
    return true;
  }

  /** Whether nothing waits before what is written to the socket now. */
  private boolean isSocketNext() {
    if (written > 0 || outputEnded || cut || gone) {
      return false;
    }
    ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
    return outbound != null && outbound.isEmpty();
  }

  private void noLongerFull() {
    if (full) {
      full = false;
      writableDue = true;
      tell();
    }
  }

  private void write(boolean bufferFull) {
    ByteBuf buffer = sendBuffer.take(channel.alloc(), bufferFull);
    if (buffer != null) {
      int bytes = buffer.readableBytes();
      written += bytes;
      toFlush = true;
      channel.write(buffer).addListener(future -> writeEnded(bytes, future));
    }
  }

  private void writeEnded(int bytes, Future<? super Void> future) {
    written -= bytes;
    if (gone) {
      return;
    }
    if (!future.isSuccess()) {
      outputFailed(future.cause());
      return;
    }
    if (unsentBytes() <= lowMark) {
      noLongerFull();
    }
    drainDue = written == 0 && sendBuffer.bytes() > 0;
    if (written == 0 && !drainDue) {
      allWritten();
    }
    tell();
  }

  /** The owner is told before the output ends, since that may be the end of the channel. */
  private void allWritten() {
    flushedDue |= flushOwed;
    tell();
    if (outputEnding) {
      endOutput();
    }
  }

  /** The peer takes no more. Its bytes are read to their end, if the owner wants them. */
  private void outputFailed(Throwable cause) {
    if (!(cause instanceof ClosedChannelException)) {
      noteFailure(cause);
    }
    if (outputEnded || cut) {
      return;
    }
    outputEnded = true;
    if (inputShut) {
      closeNow();
    } else if (!reading) {
      noticeEnd();
    }
  }

  private void noteFailure(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  @Override
  public void shutdownOutput() {
    if (outputEnding || gone) {
      return;
    }
    outputEnding = true;
    flushOwed = true;
    if (drain()) {
      allWritten();
    }
  }

  private void endOutput() {
    if (outputEnded || gone) {
      return;
    }
    outputEnded = true;
    if (ssl == null) {
      endTcpOutput();
    } else {
      ssl.closeOutbound().addListener(future -> endTcpOutput());
    }
  }

  private void endTcpOutput() {
    if (!gone) {
      channel
          .shutdownOutput()
          .addListener(
              (ChannelFuture future) -> {
                if (inputShut) {
                  closeNow();
                }
              });
    }
  }

  @Override
  public void closeTransport() {
    if (!gone && !cut) {
      cut = true;
      sendBuffer.release();
      closeNow();
    }
  }

  /** Closes the socket past the TLS handler, which would wait for its close_notify. */
  private void closeNow() {
    ChannelCut.now(channel);
  }

  // Input.

  @Override
  public void setReading(boolean wanted) {
    reading = wanted;
    if (delivering && !gone) {
      applyReading();
    }
  }

  private void applyReading() {
    channel.config().setAutoRead(reading);
    watch(!reading);
    if (!reading) {
      peerMayHaveEnded();
    }
  }

  private void watch(boolean wanted) {
    if (watching == wanted || !(channel instanceof EpollSocketChannel epoll)) {
      return;
    }
    watching = wanted;
    if (wanted) {
      SteadyEpoll.watch(epoll.fd(), this);
    } else {
      SteadyEpoll.unwatch(epoll.fd(), this);
    }
  }

  /**
   * Asks the kernel how the peer is, since the bytes that would tell are not read. Called when
   * reading is paused, when epoll tells of the end, and when bytes come though reading is paused:
   * io_uring reads when the peer has ended, both do when the connection was reset.
   */
  @Override
  public void peerMayHaveEnded() {
    if (!delivering || gone || endNoticed || reading) {
      return;
    }
    switch (PeerState.of(channel)) {
      case OPEN -> {}
      case ENDED -> noticeEnd();
      case GONE -> {
        noticeEnd();
        if (!outputEnded) {
          noteFailure(new IOException("the peer reset the connection while reading was paused"));
          closeNow();
        }
      }
    }
  }

  private void noticeEnd() {
    if (!endNoticed && !inputShut) {
      endNoticed = true;
      endingDue = true;
      tell();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes) || cut) {
      ReferenceCountUtil.release(message);
    } else if (delivering) {
      // With TLS the watch before it sees the bytes that come though reading is paused.
      boolean unwanted = !reading && !inBurst && ssl == null;
      inBurst = true;
      deliver(bytes);
      receiveInPlace();
      if (unwanted) {
        peerMayHaveEnded();
      }
    } else {
      if (early == null) {
        early = new ArrayDeque<>(1);
      }
      early.add(bytes);
    }
  }

  private void deliver(ByteBuf bytes) {
    try {
      if (cut || !bytes.isReadable()) {
        return;
      }
      if (bytes.nioBufferCount() == 1) {
        owner().received(bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes()));
      } else {
        for (ByteBuffer part : bytes.nioBuffers()) {
          if (!cut) {
            owner().received(part);
          }
        }
      }
    } finally {
      bytes.release();
    }
  }

  /** Receives the rest of a large message where it belongs, as far as it is there. */
  private void receiveInPlace() {
    FileDescriptor direct = socket;
    if (direct == null || owner().payloadPlace() == null) {
      return;
    }
    ArrayCalls arrays = LoopBuffers.ofThread().arrays();
    if (arrays == null) {
      return;
    }
    for (int bytes = 0; bytes < MOST_IN_PLACE_BYTES && reading && !cut && !gone; ) {
      ByteBuffer place = owner().payloadPlace();
      if (place == null) {
        return;
      }
      int most = Math.min(place.remaining(), ArrayCalls.MOST_BYTES);
      int at = place.arrayOffset() + place.position();
      int received;
      try {
        received = arrays.receive(direct.intValue(), place.array(), at, most);
      } catch (IOException e) {
        noteFailure(e);
        closeNow();
        return;
      }
      if (received == 0) {
        return;
      }
      bytes += received;
      owner().received(place.limit(place.position() + received));
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (inBurst) {
      inBurst = false;
      if (!cut) {
        owner().readComplete();
      }
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      if (ssl != null && !tlsClosed) {
        noteFailure(new SSLException("the peer ended the connection without close_notify"));
      }
      inputEnded();
    } else if (event == SslCloseCompletionEvent.SUCCESS) {
      tlsClosed = true;
      inputEnded();
    }
  }

  /** Whether this event of a pipeline says that nothing more will come from the peer. */
  static boolean endsInput(Object event) {
    return event == ChannelInputShutdownEvent.INSTANCE || event == SslCloseCompletionEvent.SUCCESS;
  }

  private void inputEnded() {
    if (inputShut || gone) {
      return;
    }
    inputShut = true;
    if (delivering && !cut) {
      owner().inputShut();
    }
    if (outputEnded && written == 0) {
      closeNow();
    }
  }

  // The end.

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    noteFailure(
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause);
    closeNow();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    gone = true;
    watch(false);
    sendBuffer.release();
    if (delivering) {
      channelReadComplete(context);
      owner().closed(closeCause());
    } else {
      unpoolEarly();
    }
  }

  /** Drops what came early; nobody will start this channel. */
  void discard() {
    cut = true;
    if (early != null) {
      early.forEach(ByteBuf::release);
      early = null;
    }
  }

  /** Nobody may ever ask for what came early, so it must not stay in pooled memory. */
  private void unpoolEarly() {
    Deque<ByteBuf> pooled = early;
    if (pooled != null) {
      early = new ArrayDeque<>();
      for (ByteBuf bytes : pooled) {
        early.add(Unpooled.copiedBuffer(bytes));
        bytes.release();
      }
    }
  }

  private @Nullable Throwable closeCause() {
    return failure;
  }

  // What the owner is told in a task of its own.

  private void tell() {
    if (delivering && !noticePending && (drainDue || writableDue || flushedDue || endingDue)) {
      noticePending = true;
      loop.execute(this::tellNow);
    }
  }

  private void tellNow() {
    noticePending = false;
    if (drainDue) {
      drainDue = false;
      if (mayTell() && drain()) {
        allWritten();
      }
    }
    boolean flushed = flushedDue;
    boolean writable = writableDue;
    boolean ending = endingDue;
    flushedDue = false;
    writableDue = false;
    endingDue = false;
    if (ending && mayTell() && !inputShut) {
      owner().inputEnding();
    }
    if (flushed && mayTell() && unsentBytes() == 0) {
      owner().flushed();
    }
    if (writable && mayTell() && !full) {
      owner().writable();
    }
  }

  private boolean mayTell() {
    return !gone && !cut;
  }

  private ChannelEvents owner() {
    if (events == null) {
      throw new IllegalStateException("expected a started channel but nobody has started it");
    }
    return events;
  }
}
