package dev.weir.websocket;

import dev.weir.protocol.close.CloseStatus;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one client or server that have not ended, so that they can be closed together.
 * Thread-safe.
 */
final class OpenSessions {
  private final Set<Session> sessions = ConcurrentHashMap.newKeySet();

  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock. Once there is a status, none begin to open any more.
  private int opening;
  private final CompletableFuture<Void> noneOpening = new CompletableFuture<>();
  private volatile @Nullable CloseStatus closedWith;

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
      opening++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The announced session has been added, or will never be. */
  void openingOver() {
    boolean last;
    lock.lock();
    try {
      opening--;
      last = opening == 0 && closedWith != null;
    } finally {
      lock.unlock();
    }
    if (last) {
      noneOpening.complete(null);
    }
  }

  /** Remembers a session until it ends; one that comes after {@link #close} is closed likewise. */
  void add(Session session) {
    sessions.add(session);
    session.closed().whenComplete((info, error) -> sessions.remove(session));
    CloseStatus status = closedWith;
    if (status != null) {
      session.close(status);
    }
  }

  /** Shows all that are there, and perhaps those that come meanwhile. */
  void forEach(Consumer<Session> action) {
    sessions.forEach(action);
  }

  int size() {
    return sessions.size();
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
      none = opening == 0;
    } finally {
      lock.unlock();
    }
    sessions.forEach(session -> session.close(status));
    if (none) {
      noneOpening.complete(null);
    }
    return noneOpening.thenCompose(
        nothing ->
            CompletableFuture.allOf(
                sessions.stream()
                    .map(session -> session.closed().handle((info, error) -> null))
                    .toArray(CompletableFuture<?>[]::new)));
  }
}
