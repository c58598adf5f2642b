package dev.taper.integrations.kms;

import dev.taper.testing.ApiContract;

class ApiTest extends ApiContract {
  @Override
  protected Class<?> anchor() {
    return KmsSigner.class;
  }
}
