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
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
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
    implements WebSocketChannel, ChannelOutput.Owner, SteadyEpoll.Watcher {
  /** Others of the loop get their turn after as much of one message. */
  private static final int MOST_IN_PLACE_BYTES = 2 * 1024 * 1024;

  private final SocketChannel channel;
  private final NettyEventLoop loop;
  private final @Nullable SslHandler ssl;

  // Output.
  private final ChannelOutput output;
  private boolean flushOwed;
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
    this.output = new ChannelOutput(this, ssl == null, lowMark, highMark);
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
  public SocketChannel channel() {
    return channel;
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
    return output.reserve(bytes);
  }

  @Override
  public void commit(int bytes) {
    output.commit(bytes);
  }

  @Override
  public int commit(int bytes, byte[] behind, int offset, int length, boolean more) {
    return output.commit(bytes, behind, offset, length, more);
  }

  @Override
  public boolean isWritable() {
    return output.isWritable();
  }

  @Override
  public long unsentBytes() {
    return output.unsentBytes();
  }

  @Override
  public boolean flush() {
    boolean done = output.drain();
    flushOwed = !done;
    return done;
  }

  @Override
  public void outputWritable() {
    writableDue = true;
    tell();
  }

  @Override
  public void outputWritten() {
    if (gone) {
      return;
    }
    drainDue = output.isWritten() && output.committed() > 0;
    if (output.isWritten() && !drainDue) {
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
  @Override
  public void outputFailed(Throwable cause) {
    if (gone) {
      return;
    }
    if (!(cause instanceof ClosedChannelException)) {
      noteFailure(cause);
    }
    if (outputEnded || cut) {
      return;
    }
    outputEnded = true;
    output.end();
    if (inputShut) {
      closeNow();
    } else if (!reading) {
      noticeEnd();
    }
  }

  @Override
  public void failing(IOException cause) {
    noteFailure(cause);
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
    if (output.drain()) {
      allWritten();
    }
  }

  private void endOutput() {
    if (outputEnded || gone) {
      return;
    }
    outputEnded = true;
    output.end();
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
      output.end();
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
    FileDescriptor direct = output.socket();
    for (int bytes = 0; bytes < MOST_IN_PLACE_BYTES; ) {
      // Once it is closed the system may have given its number to another.
      if (direct == null || !direct.isOpen() || !reading || cut || gone) {
        return;
      }
      ByteBuffer place = owner().payloadPlace();
      ArrayCalls arrays = place == null ? null : LoopBuffers.ofThread().arrays();
      if (place == null || arrays == null) {
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
    if (outputEnded && output.isWritten()) {
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
    output.end();
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
      if (mayTell() && output.drain()) {
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
    if (flushed && mayTell() && output.unsentBytes() == 0) {
      owner().flushed();
    }
    if (writable && mayTell() && output.isWritable()) {
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
