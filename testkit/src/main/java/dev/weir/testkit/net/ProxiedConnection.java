package dev.weir.testkit.net;

import dev.weir.testkit.Fault;
import dev.weir.testkit.Fault.Side;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One TCP connection through a {@link FaultProxy}: two sockets and a thread for each direction. */
final class ProxiedConnection {
  private final Socket client;
  private final Socket server;
  private final @Nullable Fault fault;
  private final int pieceBytes;
  private final Pump toServer;
  private final Pump toClient;

  private final ReentrantLock lock = new ReentrantLock();

  // guarded by lock
  private final Condition changed = lock.newCondition();
  private boolean closed;

  ProxiedConnection(
      Socket client, Socket server, @Nullable Fault fault, int pieceBytes, int bufferBytes)
      throws IOException {
    this.client = client;
    this.server = server;
    this.fault = fault;
    this.pieceBytes = pieceBytes;
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    toServer = new Pump(Side.TO_SERVER, client, server, bufferBytes);
    toClient = new Pump(Side.TO_CLIENT, server, client, bufferBytes);
  }

  void start() {
    toServer.thread.start();
    toClient.thread.start();
  }

  long passed(Side side) {
    lock.lock();
    try {
      return pump(side).passed;
    } finally {
      lock.unlock();
    }
  }

  void strike(Fault.Kind kind, Side side) {
    Pump pump = pump(side);
    switch (kind) {
      case STALL -> {
        lock.lock();
        try {
          pump.stalled = true;
        } finally {
          lock.unlock();
        }
      }
      case HALF_CLOSE -> pump.endOutput();
      case CUT -> end(false);
      case RESET -> end(true);
    }
  }

  void resume() {
    lock.lock();
    try {
      toServer.stalled = false;
      toClient.stalled = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends both sockets and waits for the threads. */
  void close() {
    end(false);
    try {
      toServer.thread.join();
      toClient.thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Pump pump(Side side) {
    return side == Side.TO_SERVER ? toServer : toClient;
  }

  /** Only the first call counts: the other direction's thread then finds its sockets closed. */
  private void end(boolean reset) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    for (Socket socket : new Socket[] {client, server}) {
      if (reset) {
        try {
          // Without a time to linger, close sends a reset.
          socket.setSoLinger(true, 0);
        } catch (IOException e) {
          // Closed already: there is nothing to reset.
          continue;
        }
      }
      closeQuietly(socket);
    }
  }

  static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no more use either way.
      return;
    }
  }

  /** One direction. */
  private final class Pump {
    private final Side side;
    private final Socket from;
    private final Socket to;
    private final byte[] buffer;
    private final Thread thread;

    // guarded by lock
    private long passed;
    private boolean stalled;
    private boolean ended;

    Pump(Side side, Socket from, Socket to, int bufferBytes) {
      this.side = side;
      this.from = from;
      this.to = to;
      this.buffer = new byte[bufferBytes];
      this.thread = Thread.ofVirtual().name("fault-proxy-" + side).unstarted(this::run);
    }

    private void run() {
      try {
        strikeWhenDue();
        for (int count = read(); count >= 0; count = read()) {
          pass(count);
        }
        endOutput();
      } catch (IOException e) {
        // One end broke: what TCP would tell the other without a proxy is a reset.
        end(true);
      } catch (InterruptedException e) {
        end(false);
      }
    }

    private int read() throws IOException {
      return from.getInputStream().read(buffer);
    }

    private void pass(int count) throws IOException, InterruptedException {
      int offset = 0;
      while (offset < count) {
        if (!awaitFlow()) {
          return;
        }
        int piece = (int) Math.min(Math.min(count - offset, pieceBytes), untilFault());
        to.getOutputStream().write(buffer, offset, piece);
        offset += piece;
        lock.lock();
        try {
          passed += piece;
        } finally {
          lock.unlock();
        }
        strikeWhenDue();
      }
    }

    /** Waits while stalled; whether bytes are still to be passed. */
    private boolean awaitFlow() throws InterruptedException {
      lock.lock();
      try {
        while (stalled && !closed) {
          changed.await();
        }
        return !closed && !ended;
      } finally {
        lock.unlock();
      }
    }

    private long untilFault() {
      if (fault == null || fault.side() != side) {
        return Long.MAX_VALUE;
      }
      lock.lock();
      try {
        return passed < fault.afterBytes() ? fault.afterBytes() - passed : Long.MAX_VALUE;
      } finally {
        lock.unlock();
      }
    }

    private void strikeWhenDue() {
      Fault due = fault;
      if (due != null && due.side() == side && passed(side) == due.afterBytes()) {
        strike(due.kind(), side);
      }
    }

    /** Passes the end on, and swallows what comes after it. */
    void endOutput() {
      lock.lock();
      try {
        if (ended || closed) {
          return;
        }
        ended = true;
      } finally {
        lock.unlock();
      }
      try {
        to.shutdownOutput();
      } catch (IOException e) {
        // The other end is gone, and its own direction finds that out.
        return;
      }
      if (toServer.hasEnded() && toClient.hasEnded()) {
        end(false);
      }
    }

    private boolean hasEnded() {
      lock.lock();
      try {
        return ended;
      } finally {
        lock.unlock();
      }
    }
  }
}
