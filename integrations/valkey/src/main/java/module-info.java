/** What verifiers must not forget, in Valkey or Redis. */
// Lettuce names no module: its automatic name comes from its manifest.
@SuppressWarnings("requires-automatic")
module dev.taper.integrations.valkey {
  requires transitive dev.taper.engine;
  // Only services with a configuration need it.
  requires static transitive dev.taper.operations;
  requires lettuce.core;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports dev.taper.integrations.valkey;

  provides dev.taper.operations.Stores.Provider with
      dev.taper.integrations.valkey.ValkeyProvider;
}
