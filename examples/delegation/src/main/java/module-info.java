/** An application that needs the engine and nothing else. */
module dev.taper.examples.delegation {
  requires dev.taper.engine;
  requires static org.jspecify;
}
