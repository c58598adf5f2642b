/** Vectors of the delegation profile, Biscuit tokens made elsewhere, and a reader for them. */
module dev.taper.testvectors {
  requires com.fasterxml.jackson.core;
  requires static transitive org.jspecify;

  exports dev.taper.testvectors;
}
