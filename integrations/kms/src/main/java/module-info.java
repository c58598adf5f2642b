/** Taper's signatures by keys of AWS KMS. */
// The jars of the SDK have automatic names, which their manifests fix.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.taper.integrations.kms {
  requires transitive dev.taper.engine;
  requires static transitive org.jspecify;
  requires static software.amazon.awssdk.awscore;
  requires static software.amazon.awssdk.core;
  requires static transitive software.amazon.awssdk.services.kms;

  exports dev.taper.integrations.kms;
}
