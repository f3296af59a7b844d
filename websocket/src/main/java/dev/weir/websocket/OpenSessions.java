package dev.weir.websocket;

import dev.weir.protocol.close.CloseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one client or server that have not ended, so that they can be closed together.
 * Thread-safe.
 *
 * <p>It may be a part of a whole, whose sessions are then its own and those of all its parts.
 */
final class OpenSessions {
  private final @Nullable OpenSessions whole;
  private final ReentrantLock lock;

  // Guarded by the lock, which is the whole's.
  /** All of the whole, each at its {@link Session#place}. */
  private final List<Session> sessions;

  private int size;

  /** How many are announced or have not ended. Once there is a status, it only falls to none. */
  private int unfinished;

  private @Nullable CloseStatus closedWith;

  private final CompletableFuture<Void> allEnded = new CompletableFuture<>();

  OpenSessions() {
    this.whole = null;
    this.lock = new ReentrantLock();
    this.sessions = new ArrayList<>();
  }

  /** A part of this whole. */
  OpenSessions(OpenSessions whole) {
    this.whole = whole;
    this.lock = whole.lock;
    this.sessions = whole.sessions;
  }

  /**
   * Announces a session that may be added, so that {@link #close} waits for it.
   *
   * @return whether it may: not once all are closed. If so {@link #openingOver} has to follow
   */
  boolean beginOpening() {
    lock.lock();
    try {
      if (closedWith != null) {
        return false;
      }
      unfinished++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The announced session has been added, or will never be. */
  void openingOver() {
    finished();
  }

  /** Remembers a session until it ends; one that comes after {@link #close} is closed likewise. */
  void add(Session session) {
    CloseStatus status = null;
    lock.lock();
    try {
      session.rememberedBy(this, sessions.size());
      sessions.add(session);
      for (OpenSessions each = this; each != null; each = each.whole) {
        each.size++;
        each.unfinished++;
        status = status == null ? each.closedWith : status;
      }
    } finally {
      lock.unlock();
    }
    if (status != null) {
      session.close(status);
    }
  }

  /** A session has ended, which nobody has been told yet. {@link #ended} has to follow. */
  void remove(Session session) {
    lock.lock();
    try {
      Session last = sessions.removeLast();
      if (last != session) {
        sessions.set(session.place(), last);
        last.rememberedBy(last.remembering(), session.place());
      }
      for (OpenSessions each = this; each != null; each = each.whole) {
        each.size--;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Those who wait for the end of a session have been told. */
  void ended() {
    for (OpenSessions each = this; each != null; each = each.whole) {
      each.finished();
    }
  }

  private void finished() {
    boolean last;
    lock.lock();
    try {
      unfinished--;
      last = unfinished == 0 && closedWith != null;
    } finally {
      lock.unlock();
    }
    if (last) {
      allEnded.complete(null);
    }
  }

  /** Shows all that are there. */
  void forEach(Consumer<Session> action) {
    List<Session> present;
    lock.lock();
    try {
      present = sessions.stream().filter(this::isMine).toList();
    } finally {
      lock.unlock();
    }
    present.forEach(action);
  }

  private boolean isMine(Session session) {
    OpenSessions each = session.remembering();
    while (each != null && each != this) {
      each = each.whole;
    }
    return each == this;
  }

  int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Closes all, those too that are still to be added; the future completes when all have ended,
   * however they did.
   */
  CompletableFuture<Void> close(CloseStatus status) {
    boolean none;
    lock.lock();
    try {
      closedWith = status;
      none = unfinished == 0;
    } finally {
      lock.unlock();
    }
    forEach(session -> session.close(status));
    if (none) {
      allEnded.complete(null);
    }
    return allEnded.copy();
  }
}
