package dev.taper.integrations.telemetry;

import dev.taper.testing.ApiContract;

class ApiTest extends ApiContract {
  @Override
  protected Class<?> anchor() {
    return VerifierMeters.class;
  }
}
