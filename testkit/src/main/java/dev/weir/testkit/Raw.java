package dev.weir.testkit;

/** Throws exceptions as what they are, checked or not. Stateless and thread-safe. */
final class Raw {
  private Raw() {}

  /** Throws the exception; to be called as {@code throw Raw.<RuntimeException>thrown(e)}. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  static <E extends Throwable> RuntimeException thrown(Throwable exception) throws E {
    throw (E) exception;
  }
}
