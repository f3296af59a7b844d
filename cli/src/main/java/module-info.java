import org.jspecify.annotations.NullMarked;

/** The weir command. */
@NullMarked
module dev.weir.cli {
  requires HdrHistogram;
  requires dev.weir.graaljs;
  requires dev.weir.websocket;
  requires info.picocli;
  requires org.jline.reader;
  requires org.jline.terminal;
  requires static org.jspecify;

  opens dev.weir.cli to
      info.picocli;
}
