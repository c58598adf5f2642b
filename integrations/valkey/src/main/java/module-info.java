/** What verifiers must not forget, in Valkey or Redis. */
// Lettuce and Netty name no modules: their automatic names come from their manifests.
@SuppressWarnings("requires-automatic")
module dev.taper.integrations.valkey {
  requires transitive dev.taper.engine;
  // Only services with a configuration need it.
  requires static transitive dev.taper.operations;
  requires io.netty.buffer;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires lettuce.core;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports dev.taper.integrations.valkey;

  provides dev.taper.operations.Stores.Provider with
      dev.taper.integrations.valkey.ValkeyProvider;
}
