package dev.taper.integrations.kms;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/** Clients of servers that take any credentials. */
final class Clients {
  /** What must not be said by any error. */
  static final String NOT_TO_BE_SAID = "made-up-for-tests";

  private Clients() {}

  static KmsClient at(URI server) {
    return KmsClient.builder()
        .endpointOverride(server)
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", NOT_TO_BE_SAID)))
        .build();
  }
}
