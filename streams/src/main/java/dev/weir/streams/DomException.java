package dev.weir.streams;

/**
 * What an exception of the platform (a DOMException) has besides its message. Implementations are
 * immutable in these two answers and so thread-safe.
 *
 * @see <a href="https://webidl.spec.whatwg.org/#idl-DOMException">Web IDL, DOMException</a>
 */
public interface DomException {
  /** The name that scripts tell the exception by, such as {@code "AbortError"}. */
  String name();

  /** The legacy code of that name, such as 20 for {@code "AbortError"}, or 0 if it has none. */
  int code();
}
