import org.jspecify.annotations.NullMarked;

/** Programs that show how Weir is used. */
@NullMarked
module dev.weir.examples {
  requires dev.weir.websocket;
  requires static org.jspecify;
}
