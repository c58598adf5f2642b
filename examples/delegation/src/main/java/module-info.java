/** An application that needs the engine and nothing else. */
@SuppressWarnings("requires-automatic") // until the engine has a module descriptor of its own
module dev.taper.examples.delegation {
  requires dev.taper.engine;
  requires static org.jspecify;
}
